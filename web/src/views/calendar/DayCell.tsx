/** One day: its number, its records as far as there is room, and a press on free space that makes one. */
import { Plus } from 'lucide-react'
import type { CSSProperties, DragEvent, KeyboardEvent, MouseEvent } from 'react'
import type { Field, RecordId } from '../../api/types'
import { daysFrom } from '../../grid/matches'
import type { TableRows } from '../../store/tableRows'
import { cx } from '../../ui/classes'
import { Popover } from '../../ui/Popover'
import type { CardsBodyProps } from '../cards/body'
import { Card } from '../cards/Card'
import { CARD, useDrop } from '../cards/useDrop'
import type { ColorOf } from '../cards/useRows'
import type { Held } from './Calendar'
import styles from './Calendar.module.css'
import { inWords, timeOf } from './days'
import type { Bar, Day } from './spans'

/** What can be done with the records of a calendar; undefined where the dates cannot be written. */
export interface Hands {
  readonly make: ((day: string) => void) | undefined
  readonly drop: ((event: DragEvent, day: string) => void) | undefined
  /** A record moved by a key, from a day by some days. */
  readonly step: ((id: RecordId, from: string, days: number) => void) | undefined
  /** The end of a record moved by some days. */
  readonly stretch: ((id: RecordId, days: number) => void) | undefined
}

interface DayCellProps extends Omit<CardsBodyProps, 'hands' | 'day'>, Day {
  rows: TableRows
  field: Field
  /** What stands behind a record's name. */
  fields: readonly Field[]
  colorOf: ColorOf
  today: boolean
  /** Of the month before or after the one on show. */
  outside: boolean
  hands: Hands
}

const STEPS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }

export function DayCell({ day, lanes, ids, today, outside, hands, ...props }: DayCellProps) {
  const { drop, make } = hands
  const { over, zone } = useDrop(drop && ((event) => drop(event, day)))
  const name = inWords(day)
  const shown = lanes.filter((lane) => lane !== undefined).length
  const event = (bar: Bar) => <Event key={bar.id} {...props} {...{ bar, day, hands }} />
  return (
    <section
      className={cx(styles.day, outside && styles.outside, over && styles.over)}
      aria-label={name}
      data-day={day}
      {...zone}
    >
      <header>
        <span className={cx(styles.number, today && styles.today)} aria-current={today ? 'date' : undefined}>
          {Number(day.slice(8))}
        </span>
        {make && (
          <button
            type="button"
            className={styles.make}
            aria-label={`Add ${props.setting.table.name_one.toLowerCase()} on ${name}`}
            onClick={() => make(day)}
          >
            <Plus size={13} />
          </button>
        )}
      </header>
      <ul>
        {lanes.map((lane, at) =>
          lane === undefined || lane === 'carried' ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: an empty line is known by its place only
            <li key={at} className={styles.blank} aria-hidden="true" />
          ) : (
            event(lane)
          ),
        )}
        {shown < ids.length && (
          <li>
            <Popover
              label={name}
              className={styles.popover}
              trigger={
                <button type="button" className={styles.more}>
                  {ids.length - shown} more
                </button>
              }
            >
              <h3 className={styles.popoverTitle}>{name}</h3>
              <ul className={styles.all}>
                {ids.map((id) => event({ id, first: day, days: 1, fromBefore: false, goesOn: false }))}
              </ul>
            </Popover>
          </li>
        )}
      </ul>
      {make && (
        <button type="button" tabIndex={-1} aria-hidden="true" className={styles.free} onClick={() => make(day)} />
      )}
    </section>
  )
}

type EventProps = Omit<DayCellProps, 'lanes' | 'ids' | 'today' | 'outside'> & { bar: Bar }

/** A record on its day, or over several of them. */
function Event({ bar, day, rows, hands, ...props }: EventProps) {
  const { model, setting, field, colorOf, onOpenRecord, openRecord } = props
  const { id, days } = bar
  const hold = (event: DragEvent, held: Held) => {
    event.stopPropagation()
    event.dataTransfer.setData(CARD, JSON.stringify(held))
  }
  return (
    <li
      className={cx(styles.event, bar.fromBefore && styles.fromBefore, bar.goesOn && styles.goesOn)}
      style={{ '--days': days } as CSSProperties}
    >
      <Card
        small
        model={model}
        rows={rows}
        id={id}
        fields={props.fields}
        color={colorOf?.(id)}
        open={id === openRecord}
        onOpen={onOpenRecord}
        onKeyDown={(event) => onEventKey(event, id, day, hands)}
        before={bar.fromBefore ? undefined : timeOf(rows.cellOf(id, field.id) ?? null, field, setting.zone)}
        {...(hands.drop
          ? { onDragStart: (event: DragEvent) => hold(event, { id, day: dayUnder(event, day, days) }) }
          : {})}
      />
      {hands.stretch && !bar.goesOn && (
        <span
          className={styles.end}
          draggable
          aria-hidden="true"
          title="Drag to another last day, or press Shift+Alt and an arrow"
          onDragStart={(event) => hold(event, { id, end: true })}
        />
      )}
    </li>
  )
}

/** Arrows go through the records; with Alt they move one, with Shift and Alt its end. */
function onEventKey(event: KeyboardEvent, id: RecordId, day: string, { step, stretch }: Hands): void {
  const by = STEPS[event.key]
  if (by === undefined) return
  event.preventDefault()
  const board = event.currentTarget.closest('[data-view-body]')
  if (event.altKey) {
    const moved = event.shiftKey ? stretch && (() => stretch(id, by)) : step && (() => step(id, day, by))
    if (!moved) return
    moved()
    setTimeout(() => board?.querySelector<HTMLElement>(`[data-record="${id}"] button`)?.focus(), 60)
    return
  }
  const all = [...(board?.querySelectorAll<HTMLElement>('article button') ?? [])]
  all[all.indexOf(event.currentTarget as HTMLElement) + (by > 0 ? 1 : -1)]?.focus()
}

/** Which of its days a bar was taken hold of. */
function dayUnder(event: MouseEvent, day: string, days: number): string {
  const { left, width } = event.currentTarget.getBoundingClientRect()
  const at = Math.floor(((event.clientX - left) / width) * days)
  return daysFrom(day, Math.min(Math.max(0, at), days - 1))
}
