/** Ctrl+/ (or ? where it types nothing): all keys on one sheet. */
import { Fragment, useEffect } from 'react'
import { create } from 'zustand'
import { Dialog } from '../ui/Dialog'
import { asPressed } from '../ui/keyNames'
import styles from './ShortcutSheet.module.css'
import { SHORTCUTS } from './shortcuts'

const useSheet = create<{ open: boolean }>(() => ({ open: false }))

export function showShortcuts(open = true): void {
  useSheet.setState({ open })
}

/** Slash with Ctrl, wherever the keyboard has it, or a question mark that nobody took for text. */
function asks(event: KeyboardEvent): boolean {
  if (event.altKey || event.isComposing) return false
  if (event.ctrlKey || event.metaKey) return event.key === '/' || event.key === '?' || event.code === 'Slash'
  return event.key === '?' && !event.defaultPrevented && !isTyping(event.target)
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'))
}

export function ShortcutSheet() {
  const open = useSheet((state) => state.open)
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (!asks(event)) return
      event.preventDefault()
      useSheet.setState(({ open }) => ({ open: !open }))
    }
    window.addEventListener('keydown', pressed)
    return () => window.removeEventListener('keydown', pressed)
  }, [])
  return (
    <Dialog open={open} onClose={() => showShortcuts(false)} title="Keyboard shortcuts" size="large" read>
      <div className={styles.sheet}>
        {SHORTCUTS.map(({ title, shortcuts }) => (
          <section key={title} className={styles.group} aria-label={title}>
            <h3 className={styles.title}>{title}</h3>
            <dl className={styles.list}>
              {shortcuts.map(({ keys, does }) => (
                <div key={`${keys} ${does}`} className={styles.line}>
                  <dt>{does}</dt>
                  <dd data-keys={keys}>
                    <Keys keys={asPressed(keys)} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}

/** Key by key, with the words between alternatives left plain. */
function Keys({ keys }: { keys: string }) {
  const parts = keys.split(/( or |, (?=Ctrl|⌘)| to )/)
  return parts.map((part, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a fixed text never change places
    <Fragment key={at}>
      {at % 2 === 1 ? <span className={styles.word}>{part.trim()}</span> : <kbd>{part}</kbd>}
    </Fragment>
  ))
}
