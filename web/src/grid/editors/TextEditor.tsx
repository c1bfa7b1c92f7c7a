/** Edits everything that is typed as text: it starts with what was typed, and keeps wrong input with a clear message. */
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { Rect } from '../../ui/anchor'
import { cx } from '../../ui/classes'
import { kindOf } from '../kinds'
import styles from './Editors.module.css'
import { type EditorProps, type Move, moveFor } from './editor'

export function TextEditor({ field, context, value, seed, at, large, commit, cancel, onLeave }: EditorProps) {
  const kind = kindOf(field)
  const long = kind.shape === 'long'
  const room = large
    ? { width: Math.min(560, window.innerWidth - 32), height: Math.min(320, window.innerHeight - 32) }
    : undefined
  const input = useRef<HTMLTextAreaElement>(null)
  const [message, setMessage] = useState<string>()
  const initial = seed ?? kind.edit(value, context)

  useLayoutEffect(() => {
    const element = input.current
    if (!element) return
    element.focus({ preventScroll: true })
    element.setSelectionRange(element.value.length, element.value.length)
    if (!large) resize(element, at.height)
  }, [at.height, large])

  const finish = (move: Move): boolean => {
    const typed = input.current?.value ?? ''
    if (typed === initial && seed === undefined) {
      cancelOrMove(move)
      return true
    }
    const parsed = kind.parse(typed, context)
    if (!parsed.ok) {
      setMessage(parsed.message)
      input.current?.focus()
      return false
    }
    commit(parsed.value, move)
    return true
  }
  const cancelOrMove = (move: Move) => (move === 'stay' ? cancel() : commit(value, move))

  useEffect(() => onLeave(() => finish('stay')))

  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation()
    if (event.nativeEvent.isComposing || event.keyCode === 229) return
    if (event.key === 'Escape') {
      event.preventDefault()
      cancel()
      return
    }
    if (event.key === 'Enter' && long && (event.shiftKey || event.altKey)) return
    const move = moveFor(event.key, event.shiftKey)
    if (!move) return
    event.preventDefault()
    finish(move)
  }

  return (
    <div className={styles.text} style={place(at, room)}>
      <textarea
        ref={input}
        className={cx(styles.input, (long || large) && styles.long, kind.align === 'right' && !large && styles.right)}
        defaultValue={initial}
        rows={1}
        spellCheck={long}
        autoComplete="off"
        aria-label={field.name}
        aria-invalid={message !== undefined}
        aria-describedby={message ? 'cell-message' : undefined}
        style={room ?? { width: long ? Math.max(at.width, 320) : at.width }}
        onInput={(event) => {
          setMessage(undefined)
          if (!large) resize(event.currentTarget, at.height)
        }}
        onKeyDown={onKeyDown}
      />
      {message && (
        <p
          id="cell-message"
          className={cx(styles.message, at.x + MESSAGE > window.innerWidth && styles.leftwards)}
          role="alert"
        >
          {message}
        </p>
      )}
    </div>
  )
}

/** The widest a message gets, in pixels. */
const MESSAGE = 336

/** Over the cell; with more room, moved so far that it stays within the window. */
function place(at: Rect, room: { width: number; height: number } | undefined) {
  if (!room) return { left: at.x, top: at.y, minWidth: at.width, minHeight: at.height }
  const left = Math.max(16, Math.min(at.x, window.innerWidth - room.width - 16))
  return { left, top: Math.max(16, Math.min(at.y, window.innerHeight - room.height - 16)) }
}

/** Grows with the text, down to the foot of the window. */
function resize(element: HTMLTextAreaElement, least: number): void {
  element.style.height = 'auto'
  const room = window.innerHeight - element.getBoundingClientRect().top - 16
  element.style.height = `${Math.max(least - 2, Math.min(element.scrollHeight, Math.max(60, room), 320))}px`
}
