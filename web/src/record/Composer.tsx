/** Where a comment is written: Enter sends, Shift+Enter begins a line, @ names a person of the team. */
import { ArrowUp } from 'lucide-react'
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import type { User } from '../api/types'
import { Avatar } from '../ui/Avatar'
import { Button, IconButton } from '../ui/Button'
import { cx } from '../ui/classes'
import popup from '../ui/Popup.module.css'
import styles from './Comments.module.css'
import { complete, matching, toWire, typedName } from './mentions'

interface ComposerProps {
  label: string
  people: readonly User[]
  start?: string
  /** The name under which a text not yet sent is kept while this window is open. */
  draft?: string
  /** Takes the focus at once: an edit or an answer. */
  eager?: boolean
  /** Sends the text in wire form; false keeps it for another try. */
  send: (body: string) => Promise<boolean>
  cancel?: () => void
}

export function Composer({ label, people, start = '', draft, eager = false, send, cancel }: ComposerProps) {
  const [text, setText] = useState(() => (draft && sessionStorage.getItem(draft)) || start)
  const [caret, setCaret] = useState(start.length)
  const [chosen, setChosen] = useState(0)
  const [shut, setShut] = useState(false)
  const [busy, setBusy] = useState(false)
  const box = useRef<HTMLTextAreaElement>(null)
  const list = useId()
  useEffect(() => {
    if (draft === undefined) return
    if (text === '') sessionStorage.removeItem(draft)
    else sessionStorage.setItem(draft, text)
  }, [draft, text])
  const typed = shut ? undefined : typedName(text, caret)
  const found = typed === undefined ? [] : matching(people, typed)
  const at = Math.min(chosen, found.length - 1)

  useEffect(() => {
    if (!eager) return
    box.current?.focus()
    box.current?.setSelectionRange(start.length, start.length)
  }, [eager, start])

  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text
  useEffect(() => {
    const area = box.current
    if (!area) return
    area.style.height = 'auto'
    area.style.height = `${Math.min(area.scrollHeight, 220)}px`
  }, [text])

  const name = (person: User) => {
    const filled = complete(text, caret, person)
    // At once, so that keys typed right behind stand behind the name.
    flushSync(() => {
      setText(filled.text)
      setCaret(filled.caret)
      setChosen(0)
    })
    box.current?.focus()
    box.current?.setSelectionRange(filled.caret, filled.caret)
  }
  const submit = async () => {
    if (text.trim() === '' || busy) return
    setBusy(true)
    const done = await send(toWire(text.trim(), people))
    setBusy(false)
    if (done) {
      setText('')
      setCaret(0)
    }
    box.current?.focus()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    const person = found[at]
    if (person && event.key === 'ArrowDown') setChosen((at + 1) % found.length)
    else if (person && event.key === 'ArrowUp') setChosen((at + found.length - 1) % found.length)
    else if (person && (event.key === 'Enter' || event.key === 'Tab')) name(person)
    else if (found.length > 0 && event.key === 'Escape') setShut(true)
    else if (event.key === 'Escape' && cancel) cancel()
    else if (event.key === 'Escape') box.current?.closest('aside')?.focus()
    else if (event.key === 'Enter' && !event.shiftKey) void submit()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <div className={styles.composer}>
      <textarea
        ref={box}
        rows={1}
        className={styles.area}
        value={text}
        placeholder={cancel ? undefined : 'Leave a comment. @ names a colleague.'}
        aria-label={label}
        aria-autocomplete="list"
        aria-controls={found.length > 0 ? list : undefined}
        aria-activedescendant={found.length > 0 ? `${list}-${at}` : undefined}
        maxLength={10_000}
        onChange={(event) => {
          setText(event.target.value)
          setCaret(event.target.selectionStart)
          setShut(false)
        }}
        onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
        onKeyDown={onKeyDown}
        onBlur={() => setShut(true)}
        onFocus={() => setShut(false)}
      />
      {found.length > 0 && (
        <div id={list} role="listbox" aria-label="People" className={cx(popup.popup, popup.menu, styles.people)}>
          {found.map((person, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are taken in the text
            <div
              key={person.id}
              id={`${list}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === at}
              className={popup.item}
              data-highlighted={index === at || undefined}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => name(person)}
            >
              <Avatar id={person.id} name={person.name} size={20} />
              <span className={popup.itemText}>{person.name}</span>
              <span className={popup.hint}>{person.email}</span>
            </div>
          ))}
        </div>
      )}
      {cancel ? (
        <span className={styles.actions}>
          <Button size="small" variant="ghost" onClick={cancel}>
            Cancel
          </Button>
          <Button
            size="small"
            variant="primary"
            busy={busy}
            disabled={text.trim() === ''}
            onClick={() => void submit()}
          >
            Save
          </Button>
        </span>
      ) : (
        <IconButton
          label="Send"
          shortcut="Enter"
          size="small"
          variant="primary"
          className={styles.send ?? ''}
          disabled={text.trim() === '' || busy}
          onClick={() => void submit()}
        >
          <ArrowUp size={15} />
        </IconButton>
      )}
    </div>
  )
}
