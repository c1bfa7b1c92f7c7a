/** Records on their days, by month or week; those without a day in a list beside. Drag to put one on another day. */
import { type DragEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { Cells, Field, RecordId } from '../../api/types'
import { announce } from '../../grid/announce'
import { canWrite } from '../../grid/kinds'
import { daysFrom } from '../../grid/matches'
import { type Cell, sameCell } from '../../store/cells'
import { updateOp } from '../../store/ops'
import type { TableRows } from '../../store/tableRows'
import { EmptyState } from '../../ui/Feedback'
import type { CardsBodyProps } from '../cards/body'
import { cardName } from '../cards/Card'
import cards from '../cards/Cards.module.css'
import { cardFields } from '../cards/PlacedCard'
import { CARD } from '../cards/useDrop'
import { makeCard, sendCards, useColors, useOwnRows } from '../cards/useRows'
import { dayFields } from '../viewKinds'
import styles from './Calendar.module.css'
import { CalendarHead } from './CalendarHead'
import { DayCell, type Hands } from './DayCell'
import { isDay, onDay, type Scale, today, weeksOf, zoneOf } from './days'
import {
  between,
  type Dates,
  endingOn,
  laidOut,
  movedTo,
  type Placed,
  spanOf,
  spanOfCells,
  touches,
  undated,
} from './spans'
import { Undated } from './Undated'

/** The most records of a month that are shown; the head says when there are more. */
const MOST = 2000

export function Calendar(props: CardsBodyProps) {
  const { setting, config } = props
  const fields = dayFields(setting.table)
  const start = fields.find((one) => one.id === config.date)
  const end = fields.find((one) => one.id === config.end && one !== start)
  return (
    <div className={cards.body} data-view-body="calendar">
      {start ? (
        <Dated key={`${start.id} ${end?.id}`} {...props} start={start} end={end} />
      ) : (
        <EmptyState
          title="No days yet"
          text={
            fields.length > 0
              ? 'Choose in “Days by” which date the records stand on.'
              : 'A calendar needs a date field: add one in a grid of this table.'
          }
        />
      )}
    </div>
  )
}

/** What a dragged card says of itself: the day it was taken hold of, or that its end was. */
export interface Held {
  readonly id: RecordId
  readonly day?: string
  readonly end?: true
}

function Dated(props: CardsBodyProps & { start: Field; end: Field | undefined }) {
  const { model, setting, config, query, start, end, onOpenRecord, hands } = props
  const dates = useMemo((): Dates => ({ start, end, zone: setting.zone }), [start, end, setting.zone])
  const now = today(new Date(), zoneOf(start, setting.zone))
  const day = isDay(props.day) ? props.day : now
  const [listed, setListed] = useState(true)
  const board = useRef<HTMLDivElement>(null)
  const scale: Scale = config.scale === 'week' ? 'week' : 'month'
  const weeks = weeksOf(day, scale)
  const [first, last] = [weeks[0]?.[0] ?? day, weeks.at(-1)?.[6] ?? day]

  const dated = useMemo(() => between(query, dates, first, last), [query, dates, first, last])
  const others = useMemo(() => undated(query, dates), [query, dates])
  const rows = useOwnRows(model, dated, (cells) => touches(spanOfCells(cells, dates), first, last))
  const rest = useOwnRows(model, others, (cells) => (cells[start.id] ?? null) === null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another month is read from its beginning
  useEffect(() => void rows.ensure(0, MOST - 1), [rows, dated, rows.total])

  const writable = canWrite(start)
  const make = useCallback(
    (on: string) => void makeCard(model, { [start.id]: onDay(null, on, start, setting.zone) }, onOpenRecord),
    [model, start, setting.zone, onOpenRecord],
  )
  useEffect(() => {
    hands.current = {
      append: () => (canWrite(start) ? make(day) : void makeCard(model, {}, onOpenRecord)),
      focus: () => board.current?.querySelector<HTMLElement>('article button')?.focus(),
      goTo: () => undefined,
    }
  }, [hands, make, day, model, onOpenRecord, start])

  /** Writes the dates of a record; `to` says where it goes, in words. */
  const write = (id: RecordId, change: (cells: Cells) => Cells, to: string) => {
    const source = rows.cache.rowOf(id) === undefined ? rest : rows
    const cells = source.cellsOf(id) ?? {}
    const wanted = Object.entries(change(cells)).filter(([field]) =>
      [start, end].some((one) => one?.id === field && canWrite(one)),
    )
    const edits = wanted.filter(([field, value]) => !sameCell(cells[field] ?? null, value))
    if (edits.length === 0) return
    const after = { ...cells, ...Object.fromEntries(edits) }
    const target = (after[start.id] ?? null) === null ? rest : rows
    const name = cardName(model, source, id)
    if (source !== target) {
      source.remove([id])
      target.put(0, id, after)
    }
    announce(`${name}: ${to}`)
    const ops = [
      updateOp(
        setting.table.id,
        edits.map(([field, value]) => [id, field, value as Cell] as const),
      ),
    ]
    void sendCards(model, ops, `${name}: ${to}`, [rows, rest])
  }
  const put = ({ id, day: from, end: byEnd }: Held, on: string | null) => {
    if (on === null) {
      write(id, () => ({ [start.id]: null, ...(end ? { [end.id]: null } : {}) }), 'no day')
    } else if (byEnd) {
      write(id, (cells) => endingOn(cells, on, dates), `until ${on}`)
    } else {
      write(id, (cells) => movedTo(cells, firstDay(cells, dates, from, on), dates), on)
    }
  }
  const does: Hands = {
    make: writable ? make : undefined,
    drop: writable ? (event, on) => put(heldBy(event), on) : undefined,
    step: writable ? (id, from, by) => put({ id, day: from }, daysFrom(from, by)) : undefined,
    stretch:
      end && canWrite(end) ? (id, by) => write(id, (cells) => stretched(cells, by, dates), 'another end') : undefined,
  }
  const placed = placedOf(rows, dates)
  const colorOf = useColors(props, rows)
  const fields = cardFields(setting, start).filter((one) => one.id !== end?.id)
  const room = scale === 'week' ? 40 : weeks.length > 5 ? 3 : 4
  return (
    <>
      <CalendarHead
        {...{ day, now, scale, listed, weeks }}
        total={rows.total ?? 0}
        most={MOST}
        upTo={placed.at(-1)?.first}
        noun={setting.table.name.toLowerCase()}
        onDay={props.onDay}
        onScale={(next) => props.onConfig({ scale: next })}
        onList={() => setListed(!listed)}
      />
      <div className={styles.stage}>
        <div ref={board} className={styles.board}>
          <div className={styles.weekdays} aria-hidden="true">
            {['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].map((name) => (
              <span key={name}>{name}</span>
            ))}
          </div>
          <div
            className={styles.weeks}
            data-scale={scale}
            style={{
              gridTemplateRows: `repeat(${weeks.length}, minmax(${scale === 'week' ? 'min-content' : '0'}, 1fr))`,
            }}
          >
            {weeks
              .flatMap((week) => laidOut(week, placed, room))
              .map((one) => (
                <DayCell
                  key={one.day}
                  {...props}
                  {...one}
                  rows={rows}
                  field={start}
                  fields={fields}
                  colorOf={colorOf}
                  today={one.day === now}
                  outside={scale === 'month' && one.day.slice(0, 7) !== day.slice(0, 7)}
                  hands={does}
                />
              ))}
          </div>
        </div>
        {listed && (
          <Undated
            {...props}
            rows={rest}
            fields={fields}
            onDrop={writable ? (event) => put(heldBy(event), null) : undefined}
          />
        )}
      </div>
    </>
  )
}

const heldBy = (event: DragEvent): Held => JSON.parse(event.dataTransfer.getData(CARD)) as Held

/** The first day of a record that was taken hold of on one of its days and put down on another. */
function firstDay(cells: Cells, dates: Dates, from: string | undefined, on: string): string {
  const first = spanOfCells(cells, dates)?.first
  return first === undefined || from === undefined
    ? on
    : daysFrom(on, (Date.parse(first) - Date.parse(from)) / 86_400_000)
}

function stretched(cells: Cells, by: number, dates: Dates): Cells {
  const span = spanOfCells(cells, dates)
  return span ? endingOn(cells, daysFrom(span.last, by), dates) : {}
}

function placedOf(rows: TableRows, dates: Dates): Placed[] {
  const found: Placed[] = []
  for (let row = 0; row < Math.min(rows.total ?? 0, MOST); row += 1) {
    const id = rows.idAt(row)
    const span = id && spanOf((field) => rows.cellOf(id, field.id) ?? null, dates)
    if (id && span) found.push({ id, ...span })
  }
  return found
}
