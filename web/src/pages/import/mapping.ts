/** Where each column of a file goes: the choices offered for it and what is wrong with a choice. Pure. */
import type { FieldId, FieldKind, ImportColumn, ImportRun, Reading, Table, Target } from '../../api/types'

/** Kinds a new field made from a file can have; the rest are computed or need a decision a file cannot make. */
export const NEW_KINDS: FieldKind[] = [
  'text',
  'long_text',
  'single_select',
  'multi_select',
  'number',
  'currency',
  'percent',
  'rating',
  'checkbox',
  'date',
  'date_time',
  'duration',
  'email',
  'phone',
  'url',
]

/** A target as one string, so that a list of choices can carry it; `readChoice` is its inverse. */
export function choiceOf(target: Target): string {
  switch (target.to) {
    case 'field':
      return `field:${target.field}`
    case 'related':
      return `related:${target.table}:${target.field}`
    default:
      return target.to
  }
}

/** The target behind a choice. A new field takes its name from the column and its kind from the suggestion. */
export function readChoice(choice: string, column: ImportColumn): Target {
  const [to, first, second] = choice.split(':')
  const reading = readingOf(column.suggestion)
  if (to === 'field' && first) return { to: 'field', field: first, ...reading }
  if (to === 'related' && first && second) return { to: 'related', table: first, field: second, ...reading }
  if (to !== 'new') return { to: 'skip' }
  if (column.suggestion.to === 'new') return column.suggestion
  return { to: 'new', name: column.name, kind: 'text', ...reading }
}

function readingOf(target: Target): Reading {
  if (target.to === 'skip') return {}
  const { order, decimal } = target
  return { ...(order && { order }), ...(decimal && { decimal }) }
}

/** The kind of field a target fills, or null for none. */
export function kindOfTarget(target: Target, tables: Table[]): FieldKind | null {
  if (target.to === 'skip') return null
  if (target.to === 'new') return target.kind
  return tables.flatMap((table) => table.fields).find((field) => field.id === target.field)?.kind ?? null
}

const SIGNS: Record<string, string[]> = {
  $: ['USD', 'CAD', 'AUD', 'SGD', 'HKD', 'NZD', 'MXN'],
  '€': ['EUR'],
  '£': ['GBP'],
  '¥': ['JPY', 'CNY'],
}

/** The sign that amounts of a column carry though the field holds another currency, or null. Nothing is converted. */
export function foreignSign(target: Target, samples: string[], tables: Table[]): { sign: string; code: string } | null {
  if (target.to === 'skip' || target.to === 'new') return null
  const field = tables.flatMap((table) => table.fields).find((item) => item.id === target.field)
  const code = field?.kind === 'currency' ? field.options.code : undefined
  if (!code) return null
  const sign = Object.keys(SIGNS).find((mark) => samples.some((sample) => sample.includes(mark)))
  return sign && !SIGNS[sign]?.includes(code) ? { sign, code } : null
}

/** Which readings a person may have to settle: what the samples leave open for this kind of field. */
export function openReadings(kind: FieldKind | null, samples: string[]): { order: boolean; decimal: boolean } {
  const dated = kind === 'date' || kind === 'date_time'
  const numeric = kind === 'number' || kind === 'currency' || kind === 'percent'
  return {
    order: dated && samples.some((sample) => /\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b/.test(sample)),
    decimal: numeric && samples.some((sample) => /\d,\d/.test(sample)),
  }
}

/** The fields of a table that a file can fill. */
export function fillable(table: Table) {
  return table.fields.filter((field) => !field.read_only && !field.archived_at)
}

/** Fields rows can be matched by: those some column goes to, of a kind that can tell two records apart. */
export function keyChoices(mapping: Target[], table: Table): Table['fields'] {
  const cannot: FieldKind[] = ['checkbox', 'long_text', 'multi_select', 'link', 'rating']
  const fed = new Set(mapping.flatMap((target) => (target.to === 'field' ? [target.field] : [])))
  return table.fields.filter((field) => fed.has(field.id) && !cannot.includes(field.kind))
}

/** What rows are matched by. Null: a person chose that every row is a new record; undefined: nobody chose, no column fits. */
export type KeyChoice = FieldId | null | undefined

/** The key to begin with: the server's, if a column feeds it, else the primary field; null only where it was chosen before. */
export function firstKey(run: Pick<ImportRun, 'key' | 'status'>, mapping: Target[], table: Table): KeyChoice {
  const ids = keyChoices(mapping, table).map((field) => field.id)
  if (run.key && ids.includes(run.key)) return run.key
  if (!ids.includes(table.primary_field)) return undefined
  // A comparison matches by the primary field unless told otherwise: one without a key was told so.
  return run.status !== 'read' && run.key === null ? null : table.primary_field
}

/** The key after a column went elsewhere: the same while it is possible, else the primary field. */
export function keptKey(key: KeyChoice, mapping: Target[], table: Table): KeyChoice {
  return key === null ? null : firstKey({ key: key ?? null, status: 'read' }, mapping, table)
}

/** What is wrong, by column index; an empty map and at least one used column mean that the file can be compared. */
export function mappingProblems(
  mapping: Target[],
  columns: ImportColumn[],
  tables: Table[],
  table: Table,
): Map<number, string> {
  const problems = new Map<number, string>()
  const taken = new Map<string, number>()
  const existing = new Set(table.fields.filter((field) => !field.archived_at).map((field) => field.name.toLowerCase()))
  mapping.forEach((target, index) => {
    if (target.to === 'skip') return
    const name = target.to === 'new' ? target.name.trim() : ''
    if (target.to === 'new' && name === '') {
      problems.set(index, 'Give the new field a name.')
      return
    }
    if (target.to === 'new' && existing.has(name.toLowerCase())) {
      problems.set(index, `${table.name} already has a field “${name}”. Choose it, or use another name.`)
      return
    }
    const place = target.to === 'new' ? `new:${name.toLowerCase()}` : choiceOf(target)
    const other = taken.get(place)
    if (other === undefined) taken.set(place, index)
    else problems.set(index, `“${columns[other]?.name ?? ''}” already goes to ${describeTarget(target, tables)}.`)
  })
  return problems
}

/** A target in words, for example `Check size` or `Contacts · E-mail`. */
export function describeTarget(target: Target, tables: Table[]): string {
  if (target.to === 'skip') return 'Skipped'
  if (target.to === 'new') return target.name
  if (target.to === 'field') {
    const field = tables
      .flatMap((item) => item.fields)
      .find((item) => item.id === target.field || item.key === target.field)
    return field?.name ?? target.field
  }
  const related = findTable(tables, target.table)
  const field = related?.fields.find((item) => item.id === target.field || item.key === target.field)
  return `${related?.name ?? target.table} · ${field?.name ?? target.field}`
}

/** Tables whose records a row can feed: those linked with the table, then those linked with these. */
export function reachable(table: Table, tables: Table[]): Table[] {
  const linked = (one: Table) =>
    tables.filter((other) => other.fields.some((field) => field.kind === 'link' && field.options.table === one.id))
  const near = linked(table)
  return [...new Set([...near, ...near.flatMap(linked)])].filter((one) => one.id !== table.id)
}

/** The mapping with every column skipped that would become a new field, or with all of them taken as suggested. */
export function withNewFields(mapping: readonly Target[], columns: readonly ImportColumn[], take: boolean): Target[] {
  return mapping.map((target, index) => {
    const suggestion = columns[index]?.suggestion
    if (suggestion?.to !== 'new') return target
    if (take) return target.to === 'skip' ? suggestion : target
    return target.to === 'new' ? { to: 'skip' } : target
  })
}

export function findTable(tables: Table[], name: string): Table | undefined {
  return tables.find((table) => table.id === name || table.key === name)
}

/** Brings targets to ids, so that what the server names by key equals what the choices carry. */
export function withIds(mapping: Target[], tables: Table[], table: Table): Target[] {
  return mapping.map((target) => {
    if (target.to === 'field') {
      const field = table.fields.find((item) => [item.id, item.key, item.name].includes(target.field))
      return { ...target, field: field?.id ?? target.field }
    }
    if (target.to === 'related') {
      const related = findTable(tables, target.table)
      const field = related?.fields.find((item) => [item.id, item.key, item.name].includes(target.field))
      return { ...target, table: related?.id ?? target.table, field: field?.id ?? target.field }
    }
    return target
  })
}
