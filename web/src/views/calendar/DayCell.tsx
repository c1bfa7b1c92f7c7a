/** One day: its number, its records as far as there is room, and a press on free space that makes one. */
import { Plus } from 'lucide-react'
import { type DragEvent, type KeyboardEvent, useState } from 'react'
import type { Field, RecordId } from '../../api/types'
import type { TableRows } from '../../store/tableRows'
import { cx } from '../../ui/classes'
import { Popover } from '../../ui/Popover'
import type { CardsBodyProps } from '../cards/body'
import { Card } from '../cards/Card'
import { CARD } from './Calendar'
import styles from './Calendar.module.css'
import { timeOf } from './days'

interface DayCellProps extends CardsBodyProps {
  rows: TableRows
  field: Field
  day: string
  ids: readonly RecordId[]
  today: boolean
  /** Of the month before or after the one on show. */
  outside: boolean
  /** How many records fit. */
  room: number
  onMake: ((day: string) => void) | undefined
  onDrop: ((event: DragEvent, day: string) => void) | undefined
  /** By how many days a record is moved by a key. */
  onStep: ((id: RecordId, days: number) => void) | undefined
}

const STEPS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }

export function DayCell({ rows, day, ids, today, outside, room, onMake, onDrop, onStep, ...props }: DayCellProps) {
  const { model, setting, field, colorOf, onOpenRecord, openRecord } = props
  const [over, setOver] = useState(false)
  const date = new Date(`${day}T00:00:00Z`)
  const name = date.toLocaleDateString('en-GB', { timeZone: 'UTC', weekday: 'long', day: 'numeric', month: 'long' })
  const onKeyDown = (event: KeyboardEvent, id: RecordId) => {
    const by = STEPS[event.key]
    if (by === undefined) return
    event.preventDefault()
    const board = event.currentTarget.closest('[data-view-body]')
    if (event.altKey && onStep) {
      onStep(id, by)
      setTimeout(() => board?.querySelector<HTMLElement>(`[data-record="${id}"] button`)?.focus(), 60)
      return
    }
    const all = [...(board?.querySelectorAll<HTMLElement>('article button') ?? [])]
    all[all.indexOf(event.currentTarget as HTMLElement) + (by > 0 ? 1 : -1)]?.focus()
  }
  const card = (id: RecordId) => (
    <li key={id}>
      <Card
        small
        model={model}
        rows={rows}
        id={id}
        fields={[]}
        color={colorOf?.(id)}
        open={id === openRecord}
        onOpen={onOpenRecord}
        onKeyDown={(event) => onKeyDown(event, id)}
        before={timeOf(rows.cellOf(id, field.id) ?? null, field, setting.zone)}
        {...(onDrop ? { onDragStart: (event: DragEvent) => event.dataTransfer.setData(CARD, id) } : {})}
      />
    </li>
  )
  const shown = ids.length > room ? ids.slice(0, room - 1) : ids
  return (
    <section
      className={cx(styles.day, outside && styles.outside, over && styles.over)}
      aria-label={name}
      data-day={day}
      onDragOver={(event) => {
        if (!onDrop || !event.dataTransfer.types.includes(CARD)) return
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        setOver(false)
        onDrop?.(event, day)
      }}
    >
      <header>
        <span className={cx(styles.number, today && styles.today)} aria-current={today ? 'date' : undefined}>
          {date.getUTCDate()}
        </span>
        {onMake && (
          <button
            type="button"
            className={styles.make}
            aria-label={`Add ${setting.table.name_one.toLowerCase()} on ${name}`}
            onClick={() => onMake(day)}
          >
            <Plus size={13} />
          </button>
        )}
      </header>
      <ul>
        {shown.map(card)}
        {shown.length < ids.length && (
          <li>
            <Popover
              label={name}
              className={styles.popover}
              trigger={
                <button type="button" className={styles.more}>
                  {ids.length - shown.length} more
                </button>
              }
            >
              <h3 className={styles.popoverTitle}>{name}</h3>
              <ul className={styles.all}>{ids.map(card)}</ul>
            </Popover>
          </li>
        )}
      </ul>
      {onMake && (
        <button type="button" tabIndex={-1} aria-hidden="true" className={styles.free} onClick={() => onMake(day)} />
      )}
    </section>
  )
}
