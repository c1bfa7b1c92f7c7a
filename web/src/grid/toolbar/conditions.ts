/** Simple filters: conditions that must all hold. Anything richer that a view carries is kept and shown as one line. */
import type { Field, Filter } from '../../api/types'
import { shownAs } from '../kinds/computed'

export interface Condition {
  readonly field: string
  readonly op: string
  readonly value?: unknown
}

/** The conditions of a plain AND filter; empty when there is none or when it is richer than that. */
export function conditionsOf(filter: Filter | null): Condition[] {
  if (!filter) return []
  if ('field' in filter) return [filter]
  if ('and' in filter && filter.and.every((part) => 'field' in part)) return filter.and as Condition[]
  return []
}

export function isSimple(filter: Filter | null): boolean {
  return filter === null || conditionsOf(filter).length > 0
}

/** The filter of the conditions that say something; unfinished ones do not narrow yet. */
export function filterOf(conditions: readonly Condition[]): Filter | null {
  return conditions.length === 0 ? null : { and: conditions.map((one) => ({ ...one })) }
}

const TEXT = ['contains', 'does_not_contain', 'is', 'is_not', 'is_empty', 'is_not_empty']
const NUMBER = ['=', '!=', '<', '<=', '>', '>=', 'is_empty', 'is_not_empty']
const ONE = ['is', 'is_not', 'is_any_of', 'is_none_of', 'is_empty', 'is_not_empty']
const MANY = ['has_any_of', 'has_all_of', 'is_exactly', 'has_none_of', 'is_empty', 'is_not_empty']
const DAY = [
  'is',
  'is_not',
  'is_before',
  'is_after',
  'is_on_or_before',
  'is_on_or_after',
  'is_within',
  'is_empty',
  'is_not_empty',
]

/** The operators a field offers, the most used one first. */
export function operatorsOf(field: Field): readonly string[] {
  switch (shownAs(field).kind) {
    case 'number':
    case 'currency':
    case 'percent':
    case 'rating':
    case 'duration':
    case 'auto_number':
      return NUMBER
    case 'checkbox':
      return ['is']
    case 'single_select':
    case 'user':
    case 'created_by':
    case 'modified_by':
      return ONE
    case 'multi_select':
      return MANY
    case 'link':
      return ['contains', 'does_not_contain', 'is_empty', 'is_not_empty']
    case 'date':
    case 'date_time':
    case 'created_time':
    case 'modified_time':
      return DAY
    default:
      return TEXT
  }
}

const WORDS: Readonly<Record<string, string>> = {
  '=': '=',
  '!=': '≠',
  '<': '<',
  '<=': '≤',
  '>': '>',
  '>=': '≥',
  is_on_or_before: 'is on or before',
  is_on_or_after: 'is on or after',
}

export function operatorWord(op: string): string {
  return WORDS[op] ?? op.replaceAll('_', ' ')
}

/** What kind of value an operator wants. */
export function valueShape(
  field: Field,
  op: string,
): 'none' | 'text' | 'number' | 'check' | 'one' | 'many' | 'day' | 'span' {
  if (op === 'is_empty' || op === 'is_not_empty') return 'none'
  const operators = operatorsOf(field)
  if (shownAs(field).kind === 'checkbox') return 'check'
  if (operators === NUMBER) return 'number'
  if (operators === DAY) return op === 'is_within' ? 'span' : 'day'
  if (operators === ONE) return op === 'is' || op === 'is_not' ? 'one' : 'many'
  if (operators === MANY) return 'many'
  return 'text'
}

/** Whether a condition can be asked already; one without a value is left out of the query. */
export function finished(field: Field, { op, value }: Condition): boolean {
  const shape = valueShape(field, op)
  if (shape === 'none' || shape === 'check') return true
  if (Array.isArray(value)) return value.length > 0
  return value !== undefined && value !== null && value !== ''
}

export const SPANS = [
  'today',
  'tomorrow',
  'yesterday',
  'past_week',
  'next_week',
  'past_month',
  'next_month',
  'past_year',
  'next_year',
  'this_week',
  'this_month',
  'this_year',
] as const
