/** The built-in tables that the dashboards read, and how their numbers are written. */
import type { Choice, Field, Table } from '../../api/types'

export interface Source {
  readonly table: Table
  /** A built-in field by its key; they cannot be deleted. */
  readonly field: (key: string) => Field
}

export interface Sources {
  readonly investors: Source
  readonly commitments: Source
  readonly funds: Source
}

export function sourcesOf(tables: readonly Table[]): Sources | undefined {
  const [investors, commitments, funds] = ['investors', 'commitments', 'funds'].map((key) => source(tables, key))
  return investors && commitments && funds && { investors, commitments, funds }
}

function source(tables: readonly Table[], key: string): Source | undefined {
  const table = tables.find((one) => one.key === key)
  if (!table) return undefined
  const fields = new Map(table.fields.map((field) => [field.key, field]))
  return {
    table,
    field: (name) => {
      const field = fields.get(name)
      if (!field) throw new Error(`${table.name} lacks its built-in field ${name}.`)
      return field
    },
  }
}

export function choiceOf(field: Field, id: string | null): Choice | undefined {
  return id === null ? undefined : field.options.choices?.find((choice) => choice.id === id)
}

/** An amount of a currency field in full, without cents: $1,250,000. */
export function money(amount: number, field: Field): string {
  return format(field, { maximumFractionDigits: 0 }).format(amount)
}

/** An amount where room is short: $1.3M. */
export function shortMoney(amount: number, field: Field): string {
  return format(field, { notation: 'compact', maximumFractionDigits: Math.abs(amount) < 1000 ? 0 : 1 }).format(amount)
}

function format(field: Field, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const currency = field.options.code ?? 'EUR'
  return new Intl.NumberFormat('en-US', { style: 'currency', currency, currencyDisplay: 'narrowSymbol', ...options })
}

export function share(part: number, whole: number | null): string {
  return whole ? `${Math.round((part / whole) * 100)}%` : ''
}

export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`
