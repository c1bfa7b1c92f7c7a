/** Records on one or several days: which days they cover, and in which lane of a week each is drawn. */
import type { Cells, Field, Filter, RecordId } from '../../api/types'
import { daysFrom } from '../../grid/matches'
import type { Cell } from '../../store/cells'
import type { RowQuery } from '../../store/rowQuery'
import { narrowed } from '../cards/narrow'
import { dayOf, onDay } from './days'

/** What a calendar is made by: the day a record stands on, the last day where it covers several, the team's zone. */
export interface Dates {
  readonly start: Field
  readonly end: Field | undefined
  readonly zone: string
}

export interface Span {
  readonly first: string
  /** The last day covered; an end before the start counts as none. */
  readonly last: string
}

export interface Placed extends Span {
  readonly id: RecordId
}

export function spanOf(cell: (field: Field) => Cell, { start, end, zone }: Dates): Span | undefined {
  const first = dayOf(cell(start), start, zone)
  if (first === undefined) return undefined
  const last = end && dayOf(cell(end), end, zone)
  return { first, last: last !== undefined && last > first ? last : first }
}

export function spanOfCells(cells: Cells, dates: Dates): Span | undefined {
  return spanOf((field) => cells[field.id] ?? null, dates)
}

export const touches = (span: Span | undefined, first: string, last: string): boolean =>
  span !== undefined && span.first <= last && span.last >= first

/** The records of the view that stand on days from `first` to `last`, in their order. */
export function between(query: RowQuery, { start, end }: Dates, first: string, last: string): RowQuery {
  const sorts = [{ field: start.id, desc: false }, ...query.sorts.filter((sort) => sort.field !== start.id)]
  const from = { op: 'is_on_or_after', value: first }
  const begins: Filter = { field: start.id, ...from }
  const own = [
    { field: start.id, op: 'is_on_or_before', value: last },
    end ? { or: [begins, { field: end.id, ...from }] } : begins,
  ]
  return { ...query, groups: [], sorts, filter: narrowed(query.filter, own) }
}

export function undated(query: RowQuery, { start }: Dates): RowQuery {
  return { ...query, groups: [], filter: narrowed(query.filter, [{ field: start.id, op: 'is_empty' }]) }
}

const length = ({ first, last }: Span): number => Date.parse(last) - Date.parse(first)

/** One lane of a day: what begins there, or is carried on from the day before, or nothing. */
export interface Bar {
  readonly id: RecordId
  readonly first: string
  /** How many days of the week it covers from here on. */
  readonly days: number
  readonly fromBefore: boolean
  readonly goesOn: boolean
}

export interface Day {
  readonly day: string
  /** By lane; `carried` is the space of a bar that began on an earlier day of the week. */
  readonly lanes: readonly (Bar | 'carried' | undefined)[]
  /** All records of the day, also those there is no room for. */
  readonly ids: readonly RecordId[]
}

/**
 * The days of a week with at most `room` lines each. The longest bars take the upper lanes; where a day has more than
 * fits, its last line is left free for the button that lists them all.
 */
export function laidOut(week: readonly string[], placed: readonly Placed[], room: number): Day[] {
  const [monday, sunday] = [week[0] ?? '', week.at(-1) ?? '']
  const here = placed.filter((one) => touches(one, monday, sunday))
  const bars = here.map((one) => {
    const from = one.first < monday ? 0 : week.indexOf(one.first)
    const to = one.last > sunday ? week.length - 1 : week.indexOf(one.last)
    return { ...one, from, to }
  })
  const order = bars.toSorted((a, b) => a.from - b.from || b.to - b.from - (a.to - a.from) || length(b) - length(a))
  const taken: string[][] = week.map(() => [])
  const laneOf = new Map<RecordId, number>()
  for (const { id, from, to } of order) {
    const days = taken.slice(from, to + 1)
    let lane = 0
    while (days.some((lanes) => lanes[lane] !== undefined)) lane += 1
    for (const lanes of days) lanes[lane] = id
    laneOf.set(id, lane)
  }
  const fits = taken.map((lanes) => (lanes.length > room ? room - 1 : room))
  const visible = order.filter(({ id, from, to }) => (laneOf.get(id) ?? 0) < Math.min(...fits.slice(from, to + 1)))
  return week.map((day, at) => {
    const shown = visible.filter(({ from, to }) => from <= at && at <= to)
    const lanes: (Bar | 'carried' | undefined)[] = []
    for (const { id, first, last, from, to } of shown) {
      const bar = { id, first, days: to - from + 1, fromBefore: first < monday, goesOn: last > sunday }
      lanes[laneOf.get(id) ?? 0] = from === at ? bar : 'carried'
    }
    return {
      day,
      lanes: Array.from(lanes),
      ids: order.filter(({ from, to }) => from <= at && at <= to).map(({ id }) => id),
    }
  })
}

/** The cells that put a record on another first day; one on several days keeps its length. */
export function movedTo(cells: Cells, day: string, { start, end, zone }: Dates): Cells {
  const value = (field: Field) => cells[field.id] ?? null
  const moved = { [start.id]: onDay(value(start), day, start, zone) }
  const [first, last] = [dayOf(value(start), start, zone), end && dayOf(value(end), end, zone)]
  if (!end || first === undefined || last === undefined) return moved
  const by = Math.round((Date.parse(day) - Date.parse(first)) / 86_400_000)
  return { ...moved, [end.id]: onDay(value(end), daysFrom(last, by), end, zone) }
}

/** The cells that let a record end on another day, at the earliest its first one. */
export function endingOn(cells: Cells, day: string, dates: Dates): Cells {
  const first = spanOfCells(cells, dates)?.first
  if (!dates.end || first === undefined) return {}
  const last = day < first ? first : day
  return { [dates.end.id]: onDay(cells[dates.end.id] ?? null, last, dates.end, dates.zone) }
}
