/**
 * Whether a record passes a filter, worked out here: for colours by condition, where asking the server row by row would
 * be slow. It means what the server means (docs/reference/http.md, “Reading”).
 */
import type { Field, FieldId, Filter } from '../api/types'
import type { Cell } from '../store/cells'
import { isEmpty } from '../store/cells'
import { listOf } from './kinds/choices'
import { shownAs } from './kinds/computed'
import { wallTime } from './kinds/zone'
import { isRelative, type RelativeDay } from './toolbar/conditions'

export interface MatchContext {
  readonly fields: ReadonlyMap<FieldId, Field>
  /** The team's zone. */
  readonly zone: string
  readonly now: Date
  readonly nameOf: (record: string) => string | undefined
}

const NEGATIONS: Readonly<Record<string, string>> = {
  is_not: 'is',
  '!=': '=',
  does_not_contain: 'contains',
  is_none_of: 'is_any_of',
  has_none_of: 'has_any_of',
}

export function matches(filter: Filter, cell: (field: FieldId) => Cell, context: MatchContext): boolean {
  if ('and' in filter && filter.and) return filter.and.every((part) => matches(part, cell, context))
  if ('or' in filter && filter.or)
    return filter.or.length === 0 || filter.or.some((part) => matches(part, cell, context))
  if (!('field' in filter)) return true
  const field = context.fields.get(filter.field)
  // A condition on a field that is gone lets everything through, as in a view.
  if (!field) return true
  const value = cell(field.id)
  const { op } = filter
  if (op === 'is_empty') return isEmpty(value)
  if (op === 'is_not_empty') return !isEmpty(value)
  const positive = NEGATIONS[op]
  return positive
    ? !holds(field, positive, filter.value, value, context)
    : holds(field, op, filter.value, value, context)
}

function holds(field: Field, op: string, wanted: unknown, value: Cell, context: MatchContext): boolean {
  const { kind } = shownAs(field)
  if (kind === 'checkbox') return (value === true) === (wanted === true)
  if (wanted === null && (op === 'is' || op === '=')) return isEmpty(value)
  if (isEmpty(value)) return false
  if (['date', 'date_time', 'created_time', 'modified_time'].includes(kind))
    return onDay(field, op, wanted, value, context)
  if (Array.isArray(value) || ['has_any_of', 'has_all_of', 'is_exactly'].includes(op)) {
    return inList(op, wanted, listOf(value), context)
  }
  if (typeof value === 'number') return compares(op, value, Number(wanted))
  if (op === 'is_any_of') return Array.isArray(wanted) && wanted.includes(value)
  return inText(op, String(wanted), kind === 'single_select' || kind.endsWith('user') ? String(value) : text(value))
}

const text = (value: Cell): string => String(value ?? '').toLowerCase()

function inText(op: string, wanted: string, value: string): boolean {
  if (op === 'contains') return value.toLowerCase().includes(wanted.toLowerCase())
  return value.toLowerCase() === wanted.toLowerCase()
}

function inList(op: string, wanted: unknown, value: readonly string[], { nameOf }: MatchContext): boolean {
  if (op === 'contains') {
    const needle = String(wanted).toLowerCase()
    return value.some((id) => (nameOf(id) ?? '').toLowerCase().includes(needle))
  }
  const list = Array.isArray(wanted) ? (wanted as string[]) : [String(wanted)]
  if (op === 'has_any_of') return list.some((id) => value.includes(id))
  const all = list.every((id) => value.includes(id))
  return op === 'is_exactly' ? all && new Set(list).size === value.length : all
}

function compares(op: string, value: number, wanted: number): boolean {
  switch (op) {
    case '=':
    case 'is':
      return value === wanted
    case '<':
      return value < wanted
    case '<=':
      return value <= wanted
    case '>':
      return value > wanted
    case '>=':
      return value >= wanted
    default:
      return false
  }
}

/** Days as text compare in their order. */
function onDay(field: Field, op: string, wanted: unknown, value: Cell, { zone: team, now }: MatchContext): boolean {
  const zone = shownAs(field).options.zone ?? team
  const day = typeof value === 'string' && value.length > 10 ? dayOf(new Date(value), zone) : String(value)
  const span = isRelative(wanted) ? spanOf(wanted, dayOf(now, zone)) : exactly(wanted)
  if (!span) return false
  const [first, last] = span
  switch (op) {
    case 'is':
    case 'is_within':
      return day >= first && day <= last
    case 'is_before':
      return day < first
    case 'is_after':
      return day > last
    case 'is_on_or_before':
      return day <= last
    case 'is_on_or_after':
      return day >= first
    default:
      return false
  }
}

type Span = readonly [first: string, last: string]

function exactly(wanted: unknown): Span | undefined {
  return typeof wanted === 'string' && /^\d{4}-\d{2}-\d{2}/.test(wanted)
    ? [wanted.slice(0, 10), wanted.slice(0, 10)]
    : undefined
}

function dayOf(instant: Date, zone: string): string {
  const { year, month, day } = wallTime(instant, zone)
  return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10)
}

export function daysFrom(day: string, count: number): string {
  const date = new Date(`${day}T00:00:00Z`)
  date.setUTCDate(date.getUTCDate() + count)
  return date.toISOString().slice(0, 10)
}

/** The same day of another month, or that month's last one when it is shorter. */
export function monthsFrom(day: string, count: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  const last = new Date(Date.UTC(year, month + count, 0)).getUTCDate()
  return new Date(Date.UTC(year, month - 1 + count, Math.min(date, last))).toISOString().slice(0, 10)
}

/** The days a relative value means, both ends inside. */
export function spanOf({ unit, days = 0 }: RelativeDay, today: string): Span | undefined {
  const weekday = (new Date(`${today}T00:00:00Z`).getUTCDay() + 6) % 7
  const monthStart = `${today.slice(0, 8)}01`
  const spans: Readonly<Record<string, Span>> = {
    today: [today, today],
    tomorrow: [daysFrom(today, 1), daysFrom(today, 1)],
    yesterday: [daysFrom(today, -1), daysFrom(today, -1)],
    past_week: [daysFrom(today, -7), today],
    next_week: [today, daysFrom(today, 7)],
    past_month: [monthsFrom(today, -1), today],
    next_month: [today, monthsFrom(today, 1)],
    past_year: [monthsFrom(today, -12), today],
    next_year: [today, monthsFrom(today, 12)],
    this_week: [daysFrom(today, -weekday), daysFrom(today, 6 - weekday)],
    this_month: [monthStart, daysFrom(monthsFrom(monthStart, 1), -1)],
    this_year: [`${today.slice(0, 4)}-01-01`, `${today.slice(0, 4)}-12-31`],
    past_days: [daysFrom(today, -days), today],
    next_days: [today, daysFrom(today, days)],
    days_ago: [daysFrom(today, -days), daysFrom(today, -days)],
    days_from_now: [daysFrom(today, days), daysFrom(today, days)],
  }
  return spans[unit]
}
