/** What can be asked of a field: its operators, how they are said, and what each compares with. */
import type { Field } from '../../api/types'
import { shownAs } from '../kinds/computed'
import type { Condition } from './filterTree'

const TEXT = ['contains', 'does_not_contain', 'is', 'is_not', 'is_empty', 'is_not_empty']
const NUMBER = ['=', '!=', '<', '<=', '>', '>=', 'is_empty', 'is_not_empty']
const ONE = ['is', 'is_not', 'is_any_of', 'is_none_of', 'is_empty', 'is_not_empty']
const MANY = ['has_any_of', 'has_all_of', 'is_exactly', 'has_none_of', 'is_empty', 'is_not_empty']
const LINKED = ['contains', 'does_not_contain', ...MANY]
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

const NAMED = ['contains', 'does_not_contain', 'is_empty', 'is_not_empty']

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
    case 'attachment':
      return NAMED
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
      return LINKED
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
  is_within: 'is within',
  is_on_or_before: 'is on or before',
  is_on_or_after: 'is on or after',
}

export function operatorWord(op: string): string {
  return WORDS[op] ?? op.replaceAll('_', ' ')
}

export type ValueShape = 'none' | 'text' | 'number' | 'check' | 'one' | 'many' | 'records' | 'day' | 'span'

/** What kind of value an operator wants. */
export function valueShape(field: Field, op: string): ValueShape {
  if (op === 'is_empty' || op === 'is_not_empty') return 'none'
  const operators = operatorsOf(field)
  if (shownAs(field).kind === 'checkbox') return 'check'
  if (operators === NUMBER) return 'number'
  if (operators === DAY) return op === 'is_within' ? 'span' : 'day'
  if (operators === ONE) return op === 'is' || op === 'is_not' ? 'one' : 'many'
  if (operators === MANY) return 'many'
  return operators === LINKED && MANY.includes(op) ? 'records' : 'text'
}

/** A condition that was just added or whose field or operator was changed; its value is kept where it still fits. */
export function startCondition(field: Field, op = operatorsOf(field)[0] ?? 'is', before?: Condition): Condition {
  const shape = valueShape(field, op)
  if (before && before.field === field.id && valueShape(field, before.op) === shape) return { ...before, op }
  if (shape === 'check') return { field: field.id, op, value: true }
  if (shape === 'span') return { field: field.id, op, value: { unit: 'past_week' } }
  return { field: field.id, op }
}

/** Whether a condition can be asked already; one without a value is left out of the query. */
export function finished(field: Field, { op, value }: Condition): boolean {
  const shape = valueShape(field, op)
  if (shape === 'none' || shape === 'check') return true
  if (Array.isArray(value)) return value.length > 0
  if (isRelative(value)) return !COUNTED.includes(value.unit) || Number.isInteger(value.days)
  return value !== undefined && value !== null && value !== ''
}

/** A day counted from today, in the zone of the field or of the team: the server works it out. */
export interface RelativeDay {
  readonly unit: string
  readonly days?: number
}

export function isRelative(value: unknown): value is RelativeDay {
  return typeof value === 'object' && value !== null && 'unit' in value
}

/** Units that need a number of days. */
export const COUNTED: readonly string[] = ['days_ago', 'days_from_now', 'past_days', 'next_days']

export const DAYS: readonly (readonly [unit: string, word: string])[] = [
  ['today', 'today'],
  ['tomorrow', 'tomorrow'],
  ['yesterday', 'yesterday'],
  ['days_ago', 'number of days ago'],
  ['days_from_now', 'number of days from now'],
]

export const SPANS: readonly (readonly [unit: string, word: string])[] = [
  ['past_week', 'the past week'],
  ['past_month', 'the past month'],
  ['past_year', 'the past year'],
  ['next_week', 'the next week'],
  ['next_month', 'the next month'],
  ['next_year', 'the next year'],
  ['this_week', 'this week'],
  ['this_month', 'this month'],
  ['this_year', 'this year'],
  ['past_days', 'the past number of days'],
  ['next_days', 'the next number of days'],
]
