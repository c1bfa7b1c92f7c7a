/** A date or a moment: typed in many forms or picked from a calendar. */
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { DayPicker } from 'react-day-picker'
import 'react-day-picker/style.css'
import { kindOf } from '../kinds'
import { type DateFormat, dayOf, isoDay, showDay, zoneOf } from '../kinds/dates'
import { option } from '../kinds/kind'
import { instantOf, wallTime } from '../kinds/zone'
import styles from './Editors.module.css'
import { type EditorProps, type Move, moveFor } from './editor'

export function DateEditor({ field, context, value, seed, at, commit, cancel, onLeave }: EditorProps) {
  const kind = kindOf(field)
  const timed = kind.shape === 'date_time'
  const initial = seed ?? kind.edit(value, context)
  const [text, setText] = useState(initial)
  const [message, setMessage] = useState<string>()
  const input = useRef<HTMLInputElement>(null)

  useLayoutEffect(() => {
    input.current?.focus({ preventScroll: true })
    if (seed === undefined) input.current?.select()
  }, [seed])

  const finish = (move: Move): boolean => {
    const typed = input.current?.value ?? text
    if (typed === initial && seed === undefined) {
      if (move === 'stay') cancel()
      else commit(value, move)
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
  useEffect(() => onLeave(() => finish('stay')))

  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation()
    if (event.nativeEvent.isComposing || event.keyCode === 229) return
    const move = moveFor(event.key, event.shiftKey)
    if (event.key === 'Escape') {
      event.preventDefault()
      cancel()
    } else if (move) {
      event.preventDefault()
      finish(move)
    }
  }

  const parsed = kind.parse(text, context)
  const shown = parsed.ok && typeof parsed.value === 'string' ? parsed.value : null
  const wall = timed && shown ? wallTime(new Date(shown), zoneOf(context)) : undefined
  const day = wall ?? dayOf(shown)
  const selected = day && new Date(day.year, day.month - 1, day.day)

  const pick = (date: Date | undefined) => {
    if (!date) return
    const picked = { year: date.getFullYear(), month: date.getMonth() + 1, day: date.getDate() }
    if (!timed) {
      commit(isoDay(picked), 'stay')
      return
    }
    const clock = wall ?? { hour: 9, minute: 0, second: 0 }
    const moment = instantOf({ ...picked, hour: clock.hour, minute: clock.minute, second: 0 }, zoneOf(context))
    setText(kind.edit(moment.toISOString(), context))
    setMessage(undefined)
    input.current?.focus()
  }

  const below = window.innerHeight - at.y - at.height > 330
  const format = option<DateFormat>(field, 'format', 'iso')
  return (
    <div className={styles.text} style={{ left: at.x, top: at.y, minWidth: at.width, minHeight: at.height }}>
      <input
        ref={input}
        className={styles.input}
        style={{ height: at.height - 2, width: Math.max(at.width, timed ? 180 : 120) }}
        value={text}
        aria-label={field.name}
        aria-invalid={message !== undefined}
        autoComplete="off"
        placeholder={`${showDay({ year: 2026, month: 11, day: 23 }, format)}${timed ? ' 14:30' : ''}`}
        onChange={(event) => {
          setText(event.currentTarget.value)
          setMessage(undefined)
        }}
        onKeyDown={onKeyDown}
      />
      {message && (
        <p className={styles.message} role="alert">
          {message}
        </p>
      )}
      <div
        className={styles.calendar}
        style={{
          left: Math.min(-2, window.innerWidth - at.x - 264),
          ...(below ? { top: message ? at.height + 34 : at.height + 4 } : { bottom: at.height + 4 }),
        }}
      >
        <DayPicker
          key={selected ? `${selected.getFullYear()}-${selected.getMonth()}` : 'none'}
          mode="single"
          selected={selected}
          defaultMonth={selected}
          onSelect={pick}
          onDayKeyDown={(_, __, event) => event.key === 'Escape' && cancel()}
          weekStartsOn={1}
          showOutsideDays
        />
        <div className={styles.calendarFoot}>
          {timed && <span className={styles.zone}>{zoneOf(context)}</span>}
          <button type="button" onClick={() => setTextNow(setText, input.current, timed)}>
            {timed ? 'Now' : 'Today'}
          </button>
          {value !== null && (
            <button type="button" onClick={() => commit(null, 'stay')}>
              Clear
            </button>
          )}
        </div>
      </div>
    </div>
  )
}

function setTextNow(setText: (text: string) => void, input: HTMLInputElement | null, timed: boolean): void {
  setText(timed ? 'now' : 'today')
  input?.focus()
}
