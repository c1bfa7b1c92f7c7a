/** What the review table shows: one column a used column of the file, and a cell's value as people read it. */
import type { CellValue, Field, ImportRow, Outcome, Table, Target, User } from '../../api/types'
import { kindOf } from '../../grid/kinds'
import { listOf } from '../../grid/kinds/choices'
import { describeTarget, findTable } from './mapping'

export interface PreviewColumn {
  /** How the server names the cell: a field id, or the name of a field still to be made. */
  field: string
  title: string
  /** Stands in for a field that does not exist yet. */
  shape: Field
  isNew: boolean
}

/** The used columns of the file. */
export function previewColumns(mapping: Target[], tables: Table[], table: Table): PreviewColumn[] {
  return mapping.flatMap((target): PreviewColumn[] => {
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
}

/** Columns for cells that no column of the file names: the links that rows feeding two tables make between them. */
export function impliedColumns(
  columns: PreviewColumn[],
  rows: ImportRow[],
  tables: Table[],
  table: Table,
): PreviewColumn[] {
  const known = new Set(columns.flatMap((column) => [column.field, column.title]))
  const more = new Set(rows.flatMap((row) => row.cells.map((cell) => cell.field)).filter((field) => !known.has(field)))
  return tables.flatMap((owner) =>
    owner.fields
      .filter((field) => more.has(field.id) && field.id !== table.primary_field)
      .map((field) => {
        const title = owner.id === table.id ? field.name : `${owner.name} · ${field.name}`
        return { field: field.id, title, shape: field, isNew: false }
      }),
  )
}

/** The columns with the most conflicts first, then those with the most changes; equal ones stay in the order of the file. */
export function mostChangedFirst(columns: PreviewColumn[], rows: ImportRow[]): PreviewColumn[] {
  return columns
    .map((column) => {
      const cells = rows.flatMap((row) => cellOf(row, column) ?? [])
      return { column, changes: cells.length, conflicts: cells.filter((cell) => cell.conflict).length }
    })
    .sort((a, b) => b.conflicts - a.conflicts || b.changes - a.changes)
    .map(({ column }) => column)
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
  return listOf(value).map((item) => {
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
  if (field.kind === 'link')
    return listOf(value)
      .map((record) => names[record] ?? record)
      .join(', ')
  const nameOf = (record: string) => names[record]
  return kindOf(field).format(value, { field, zone, nameOf, users, now: () => new Date() }) || String(value)
}

/** Whether the name at the left of a row already says what this column would. */
export function saidByName(column: PreviewColumn, outcome: Outcome, table: Table): boolean {
  return column.field === table.primary_field && (outcome === 'create' || outcome === 'unchanged')
}

export function cellOf(row: ImportRow, column: PreviewColumn) {
  const cells = row.cells.filter((cell) => cell.field === column.field || cell.field === column.title)
  return cells.find((cell) => cell.conflict) ?? cells[0]
}
