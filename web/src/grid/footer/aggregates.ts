import type { Aggregate, Field, Table } from '../../api/types'
import type { Cell } from '../../store/cells'
import { type KindContext, kindOf } from '../kinds'
import { shownAs } from '../kinds/computed'

const COUNTS = ['filled', 'empty', 'unique', 'percent_filled', 'percent_empty'] as const
const NUMBERS = ['sum', 'average', 'median', 'min', 'max', 'range', 'stddev'] as const
const MEASURED = ['number', 'currency', 'percent', 'rating', 'duration']
const DATED = ['date', 'date_time', 'created_time', 'modified_time']

/** The totals a field offers, `none` first. */
export function aggregatesOf(field: Field): (Aggregate | 'none')[] {
  const { kind } = shownAs(field)
  if (MEASURED.includes(kind)) return ['none', ...NUMBERS, ...COUNTS]
  if (DATED.includes(kind)) return ['none', 'min', 'max', ...COUNTS]
  return ['none', ...COUNTS]
}

/** What stands under a field until somebody chooses; soft and hard commitments are not added up unasked. */
export function startAggregate(field: Field, table: Table): Aggregate | 'none' {
  if (table.key === 'commitments' && field.key === 'amount') return 'none'
  const { kind } = shownAs(field)
  if (kind === 'number' || kind === 'currency' || kind === 'duration') return 'sum'
  return kind === 'percent' || kind === 'rating' ? 'average' : 'none'
}

/** What stands under a field: what was chosen, as long as the field still offers it, else what stands there from the start. */
export function totalOf(
  field: Field,
  table: Table,
  chosen: Readonly<Record<string, Aggregate | 'none'>> | undefined,
): Aggregate | 'none' {
  const one = chosen?.[field.id]
  return one !== undefined && aggregatesOf(field).includes(one) ? one : startAggregate(field, table)
}

/** What is computed for fields: what was chosen for each, else what stands there from the start. */
export function wantedTotals(
  fields: readonly Field[],
  table: Table,
  chosen: Readonly<Record<string, Aggregate | 'none'>> | undefined,
): Record<string, Aggregate> {
  const wanted: Record<string, Aggregate> = {}
  for (const field of fields) {
    const one = totalOf(field, table, chosen)
    if (one !== 'none') wanted[field.id] = one
  }
  return wanted
}

const WORDS: Readonly<Record<string, string>> = {
  none: 'None',
  sum: 'Sum',
  average: 'Average',
  median: 'Median',
  min: 'Min',
  max: 'Max',
  range: 'Range',
  stddev: 'Deviation',
  filled: 'Filled',
  empty: 'Empty',
  unique: 'Unique',
  percent_filled: 'Filled %',
  percent_empty: 'Empty %',
}

export function aggregateWord(aggregate: Aggregate | 'none'): string {
  return WORDS[aggregate] ?? aggregate
}

/** Pixels of a digit at the footer's size, about. */
const LETTER = 7

/** A total as text: counts plain, shares as percent, the rest as the field's own values look; `room` is in pixels. */
export function showAggregate(aggregate: Aggregate, value: unknown, given: KindContext, room: number): string {
  const context = { ...given, field: shownAs(given.field) }
  if (value === null || value === undefined) return '–'
  if (typeof value === 'number') {
    if (aggregate.startsWith('percent_')) return `${Math.round(value * (value <= 1 ? 100 : 1))} %`
    if ((COUNTS as readonly string[]).includes(aggregate)) return value.toLocaleString('en-US')
    if (context.field.kind === 'rating') return value.toLocaleString('en-US', { maximumFractionDigits: 1 })
  }
  const text = kindOf(context.field).format(value as Cell, context)
  const long = text.length * LETTER > room && typeof value === 'number' && context.field.kind === 'currency'
  return long ? short(value, context) : text
}

/** Large sums in a narrow column: $10.06B. */
function short(value: number, { field }: KindContext): string {
  const money = { style: 'currency', currency: field.options.code ?? 'USD', currencyDisplay: 'narrowSymbol' } as const
  return value.toLocaleString('en-US', { ...money, notation: 'compact', maximumFractionDigits: 2 })
}
