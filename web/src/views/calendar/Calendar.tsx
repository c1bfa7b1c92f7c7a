/** Records on their days, by month or week; those without a day in a list beside. Drag to put one on another day. */
import { ChevronLeft, ChevronRight, PanelRightClose, PanelRightOpen } from 'lucide-react'
import { type DragEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { Field, Filter, RecordId } from '../../api/types'
import { announce } from '../../grid/announce'
import { canWrite } from '../../grid/kinds'
import { daysFrom } from '../../grid/matches'
import { updateOp } from '../../store/ops'
import type { RowQuery, TableRows } from '../../store/tableRows'
import { Button, IconButton } from '../../ui/Button'
import { EmptyState } from '../../ui/Feedback'
import { Segments } from '../../ui/Segments'
import type { CardsBodyProps } from '../cards/body'
import { cardName } from '../cards/Card'
import cards from '../cards/Cards.module.css'
import { makeCard, sendCards, useOwnRows } from '../cards/useRows'
import { dayFields } from '../viewKinds'
import styles from './Calendar.module.css'
import { DayCell } from './DayCell'
import { dayOf, onDay, type Scale, stepped, titleOf, today, weeksOf, zoneOf } from './days'
import { Undated } from './Undated'

/** The most records of a month that are shown; the count says when there are more. */
const MOST = 2000
export const CARD = 'application/x-crm-card'

export function Calendar(props: CardsBodyProps) {
  const { setting, config } = props
  const field = dayFields(setting.table).find((one) => one.id === config.date)
  return (
    <div className={cards.body} data-view-body="calendar">
      {field ? (
        <Dated key={field.id} {...props} field={field} />
      ) : (
        <EmptyState
          title="No days yet"
          text={
            dayFields(setting.table).length > 0
              ? 'Choose in “Days by” which date the records stand on.'
              : 'A calendar needs a date field: add one in a grid of this table.'
          }
        />
      )}
    </div>
  )
}

function Dated(props: CardsBodyProps & { field: Field }) {
  const { model, setting, config, query, field, onConfig, onOpenRecord, hands } = props
  const zone = zoneOf(field, setting.zone)
  const now = today(new Date(), zone)
  const [day, setDay] = useState(now)
  const [listed, setListed] = useState(true)
  const board = useRef<HTMLDivElement>(null)
  const scale: Scale = config.scale === 'week' ? 'week' : 'month'
  const weeks = weeksOf(day, scale)
  const [first, last] = [weeks[0]?.[0] ?? day, weeks.at(-1)?.[6] ?? day]

  const dated = useMemo(() => within(query, field, first, last), [query, field, first, last])
  const undated = useMemo(() => without(query, field), [query, field])
  const rows = useOwnRows(model, dated, (cells) => {
    const on = dayOf(cells[field.id] ?? null, field, setting.zone)
    return on !== undefined && on >= first && on <= last
  })
  const rest = useOwnRows(model, undated, (cells) => (cells[field.id] ?? null) === null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another month is read from its beginning
  useEffect(() => void rows.ensure(0, MOST - 1), [rows, dated, rows.total])

  const writable = canWrite(field)
  const make = useCallback(
    (on: string) => void makeCard(model, { [field.id]: onDay(null, on, field, setting.zone) }, onOpenRecord),
    [model, field, setting.zone, onOpenRecord],
  )
  useEffect(() => {
    hands.current = {
      append: () => make(day),
      focus: () => board.current?.querySelector<HTMLElement>('article button')?.focus(),
      goTo: () => undefined,
    }
  }, [hands, make, day])

  /** Puts a record on a day, or takes its day away. */
  const put = (id: RecordId, on: string | null) => {
    const source = rows.cache.rowOf(id) === undefined ? rest : rows
    const target = on === null ? rest : rows
    const old = source.cellOf(id, field.id) ?? null
    const value = on === null ? null : onDay(old, on, field, setting.zone)
    if (value === old || dayOf(old, field, setting.zone) === (on ?? undefined)) return
    const cells = { ...source.cache.record(id), [field.id]: value }
    const name = cardName(model, source, id)
    if (source !== target) {
      source.remove([id])
      target.put(0, id, cells)
    }
    announce(`${name}: ${on ?? 'no day'}`)
    const ops = [updateOp(setting.table.id, [[id, field.id, value]])]
    void sendCards(model, ops, `${name}: ${on ?? 'no day'}`, [rows, rest])
  }
  const drop = (event: DragEvent, on: string | null) => {
    event.preventDefault()
    const id = event.dataTransfer.getData(CARD)
    if (id) put(id, on)
  }
  const byDay = grouped(rows, field, setting.zone)
  const total = rows.total ?? 0
  return (
    <>
      <div className={styles.head}>
        <Button
          size="small"
          onClick={() => setDay(now)}
          disabled={weeks.some((week) => week.includes(now)) && day === now}
        >
          Today
        </Button>
        <IconButton
          label={scale === 'week' ? 'Previous week' : 'Previous month'}
          size="small"
          onClick={() => setDay(stepped(day, scale, -1))}
        >
          <ChevronLeft size={15} />
        </IconButton>
        <IconButton
          label={scale === 'week' ? 'Next week' : 'Next month'}
          size="small"
          onClick={() => setDay(stepped(day, scale, 1))}
        >
          <ChevronRight size={15} />
        </IconButton>
        <h2 className={styles.title} aria-live="polite">
          {titleOf(day, scale)}
        </h2>
        <span className={styles.count}>
          {total > MOST
            ? `the first ${MOST.toLocaleString('en-US')} of ${total.toLocaleString('en-US')}`
            : total.toLocaleString('en-US')}{' '}
          {setting.table.name.toLowerCase()}
        </span>
        <span className={styles.right}>
          <Segments
            label="How much is shown"
            value={scale}
            onChange={(next) => onConfig({ scale: next })}
            options={[
              { value: 'month', label: 'Month' },
              { value: 'week', label: 'Week' },
            ]}
          />
          <IconButton
            label={listed ? 'Hide records without a day' : 'Show records without a day'}
            size="small"
            onClick={() => setListed(!listed)}
          >
            {listed ? <PanelRightClose size={14} /> : <PanelRightOpen size={14} />}
          </IconButton>
        </span>
      </div>
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
            style={{ gridTemplateRows: `repeat(${weeks.length}, minmax(0, 1fr))` }}
          >
            {weeks.flat().map((on) => (
              <DayCell
                key={on}
                {...props}
                rows={rows}
                day={on}
                ids={byDay.get(on) ?? []}
                today={on === now}
                outside={scale === 'month' && on.slice(0, 7) !== day.slice(0, 7)}
                room={scale === 'week' ? 40 : weeks.length > 5 ? 3 : 4}
                onMake={writable ? make : undefined}
                onDrop={writable ? drop : undefined}
                onStep={writable ? (id, by) => put(id, daysFrom(on, by)) : undefined}
              />
            ))}
          </div>
        </div>
        {listed && <Undated {...props} rows={rest} onDrop={writable ? (event) => drop(event, null) : undefined} />}
      </div>
    </>
  )
}

function joined(query: RowQuery, own: Filter[], sorts: RowQuery['sorts']): RowQuery {
  return { ...query, groups: [], sorts, filter: { and: [...(query.filter ? [query.filter] : []), ...own] } }
}

/** The records of the days on show, in their order. */
function within(query: RowQuery, field: Field, first: string, last: string): RowQuery {
  const sorts = [{ field: field.id, desc: false }, ...query.sorts.filter((sort) => sort.field !== field.id)]
  const own = [
    { field: field.id, op: 'is_on_or_after', value: first },
    { field: field.id, op: 'is_on_or_before', value: last },
  ]
  return joined(query, own, sorts)
}

function without(query: RowQuery, field: Field): RowQuery {
  return joined(query, [{ field: field.id, op: 'is_empty' }], query.sorts)
}

function grouped(rows: TableRows, field: Field, zone: string): Map<string, RecordId[]> {
  const found = new Map<string, RecordId[]>()
  for (let row = 0; row < Math.min(rows.total ?? 0, MOST); row += 1) {
    const id = rows.idAt(row)
    const day = id && dayOf(rows.cellOf(id, field.id) ?? null, field, zone)
    if (id && day) found.set(day, [...(found.get(day) ?? []), id])
  }
  return found
}
