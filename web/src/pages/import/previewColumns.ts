/** What the review table shows: one column a used column of the file, and a cell's value as people read it. */
import type { CellValue, Field, ImportRow, Outcome, Table, Target, User } from '../../api/types'
import { kindOf } from '../../grid/kinds'
import { describeTarget, findTable } from './mapping'

export interface PreviewColumn {
  /** How the server names the cell: a field id, or the name of a field still to be made. */
  field: string
  title: string
  /** Stands in for a field that does not exist yet. */
  shape: Field
  isNew: boolean
}

/** The used columns of the file, then the links that related records made by the same rows fill. */
export function previewColumns(mapping: Target[], tables: Table[], table: Table): PreviewColumn[] {
  const used = mapping.flatMap((target): PreviewColumn[] => {
    if (target.to === 'skip') return []
    const title = describeTarget(target, tables)
    if (target.to === 'new') {
      // Once applied the field is there, under its own id.
      const made = table.fields.find((field) => field.name === target.name)
      return [{ field: made?.id ?? target.name, title, shape: made ?? newField(target, table), isNew: true }]
    }
    const owner = target.to === 'related' ? findTable(tables, target.table) : table
    const field = owner?.fields.find((item) => item.id === target.field || item.key === target.field)
    return field ? [{ field: field.id, title, shape: field, isNew: false }] : []
  })
  const fed = mapping.flatMap((target) => (target.to === 'related' ? [findTable(tables, target.table)?.id] : []))
  const links = table.fields.filter(
    (field) => field.kind === 'link' && !field.archived_at && fed.includes(field.options.table),
  )
  const more = links.filter((field) => !used.some((column) => column.field === field.id))
  return [...used, ...more.map((field) => ({ field: field.id, title: field.name, shape: field, isNew: false }))]
}

function newField(target: Extract<Target, { to: 'new' }>, table: Table): Field {
  return {
    ...{ id: target.name, table: table.id, key: null, name: target.name, kind: target.kind, description: '' },
    ...{
      options: target.options ?? {},
      position: 0,
      primary: false,
      builtin: false,
      read_only: false,
      archived_at: null,
    },
  }
}

export interface Wording {
  zone: string
  names: Record<string, string>
  users: User[]
}

/** The options of a select cell, or null for other kinds. One still to be made comes by its name and is grey. */
export function cellPills(value: CellValue, field: Field): { name: string; color: string }[] | null {
  if (value === null || (field.kind !== 'single_select' && field.kind !== 'multi_select')) return null
  const list = Array.isArray(value) ? value : [String(value)]
  return list.map((item) => {
    const choice = field.options.choices?.find((option) => option.id === item)
    return { name: choice?.name ?? item, color: choice?.color ?? 'gray' }
  })
}

/** A cell in words. */
export function cellText(value: CellValue, field: Field, { zone, names, users }: Wording): string {
  if (value === null) return ''
  if (field.kind === 'checkbox') return value ? '✓' : ''
  const pills = cellPills(value, field)
  if (pills) return pills.map((pill) => pill.name).join(', ')
  // A record that the import will make stands by its name.
  if (field.kind === 'link' && Array.isArray(value)) return value.map((record) => names[record] ?? record).join(', ')
  const nameOf = (record: string) => names[record]
  return kindOf(field).format(value, { field, zone, nameOf, users, now: () => new Date() }) || String(value)
}

/** Whether the name at the left of a row already says what this column would. */
export function saidByName(column: PreviewColumn, outcome: Outcome, table: Table): boolean {
  return column.field === table.primary_field && (outcome === 'create' || outcome === 'unchanged')
}

export function cellOf(row: ImportRow, column: PreviewColumn) {
  return row.cells.find((cell) => cell.field === column.field || cell.field === column.title)
}
