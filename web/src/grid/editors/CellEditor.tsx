/** The open editor over the grid: which one by kind, and what a press outside does. */
import { type ComponentType, type FocusEvent, useCallback, useEffect, useRef } from 'react'
import { createPortal } from 'react-dom'
import { isFind, openFind } from '../find'
import { kindOf } from '../kinds'
import { AttachmentEditor } from './AttachmentEditor'
import { ChoiceEditor } from './ChoiceEditor'
import { DateEditor } from './DateEditor'
import styles from './Editors.module.css'
import type { EditorProps } from './editor'
import { LinkEditor } from './LinkEditor'
import { TextEditor } from './TextEditor'
import { UserEditor } from './UserEditor'

const EDITORS: Readonly<Record<string, ComponentType<EditorProps>>> = {
  pills: ChoiceEditor,
  chips: LinkEditor,
  user: UserEditor,
  date: DateEditor,
  date_time: DateEditor,
  files: AttachmentEditor,
}

export function CellEditor(props: Omit<EditorProps, 'onLeave'>) {
  const host = useRef<HTMLDivElement>(null)
  const leave = useRef<() => boolean>(() => true)
  const onLeave = useCallback((next: () => boolean) => {
    leave.current = next
  }, [])

  useEffect(() => {
    const pressed = (event: PointerEvent) => {
      if (host.current?.contains(event.target as Node)) return
      if (leave.current()) return
      event.preventDefault()
      event.stopPropagation()
    }
    const found = (event: KeyboardEvent) => {
      if (!isFind(event)) return
      event.preventDefault()
      event.stopPropagation()
      if (leave.current()) openFind()
    }
    const away = () => document.visibilityState === 'hidden' && leave.current()
    window.addEventListener('pointerdown', pressed, true)
    window.addEventListener('keydown', found, true)
    window.addEventListener('pagehide', away)
    document.addEventListener('visibilitychange', away)
    return () => {
      window.removeEventListener('pointerdown', pressed, true)
      window.removeEventListener('keydown', found, true)
      window.removeEventListener('pagehide', away)
      document.removeEventListener('visibilitychange', away)
    }
  }, [])

  const Editor = EDITORS[kindOf(props.field).shape] ?? TextEditor
  return createPortal(
    // biome-ignore lint/a11y/noStaticElementInteractions: only keeps clipboard and focus of the editor inside it
    <div
      ref={host}
      className={styles.host}
      data-cell-editor={props.field.kind}
      onCopy={stop}
      onCut={stop}
      onPaste={stop}
      onBlur={keepFocus}
    >
      <Editor {...props} onLeave={onLeave} />
    </div>,
    document.body,
  )
}

/**
 * The surface takes the focus a frame after a press; when an editor was opened by a key in between, it would lose the
 * keys that follow. A press outside closes the editor before, so whatever goes to the surface from here comes back.
 */
function keepFocus(event: FocusEvent<HTMLElement>): void {
  if (event.relatedTarget?.closest('[data-grid-surface]')) event.target.focus({ preventScroll: true })
}

function stop(event: { stopPropagation: () => void }): void {
  event.stopPropagation()
}
