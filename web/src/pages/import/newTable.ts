/** A table made for a file: its name, which column names its records, and taking it back when the import comes to nothing. */
import { api } from '../../api/client'
import { queryClient, tablesKey } from '../../api/queries'
import type { ChangeAnswer, ImportColumn, Op, Table, TableId, Target } from '../../api/types'

/** Stands in addresses and lists for a table that is still to be made. */
export const NEW_TABLE = 'new'

/** What a table made from a file is called: “Investors-Grid view (1).csv” gives “Investors”. */
export function nameFor(filename: string, tables: readonly Table[]): string {
  const bare = filename
    .replace(/\.[a-z0-9]{1,5}$/i, '')
    .replace(/\s*\(\d+\)$/, '')
    .replace(/-(Grid view( \d+)?|All .{1,40})$/i, '')
    .replaceAll(/[_\s]+/g, ' ')
    .trim()
    .slice(0, 80)
  const name = bare === '' ? 'Table' : bare.charAt(0).toUpperCase() + bare.slice(1)
  const taken = new Set(tables.map((table) => table.name.toLowerCase()))
  let number = 2
  while (taken.has((number === 2 ? name : `${name} ${number - 1}`).toLowerCase())) number += 1
  return number === 2 ? name : `${name} ${number - 1}`
}

/** The mapping into a new table: where no column is called like its primary field, the first one becomes it. */
export function mappingInto(table: Table, mapping: readonly Target[]): Target[] {
  const named = mapping.some((target) => target.to === 'field' && target.field === table.primary_field)
  if (named || mapping.length === 0) return [...mapping]
  return [{ to: 'field', field: table.primary_field }, ...mapping.slice(1)]
}

/**
 * The operations that fit the table to the file: its name, its primary field called like the column it is filled from,
 * and none of the fields that every new table begins with but no column goes to.
 */
export function fitting(
  table: Table,
  name: string,
  mapping: readonly Target[],
  columns: readonly ImportColumn[],
): Op[] {
  const at = mapping.findIndex((target) => target.to === 'field' && target.field === table.primary_field)
  const column = columns[at]?.name.trim().slice(0, 200)
  const primary = table.fields.find((field) => field.id === table.primary_field)
  const fed = new Set(mapping.flatMap((target) => (target.to === 'field' ? [target.field] : [])))
  const spare = table.fields.filter((field) => !fed.has(field.id) && !field.read_only && field.archived_at === null)
  return [
    ...(name !== table.name ? [{ op: 'update_table' as const, table: table.id, set: { name } }] : []),
    ...(column && primary && column !== primary.name
      ? [{ op: 'update_field' as const, field: primary.id, set: { name: column } }]
      : []),
    ...spare.filter((field) => field !== primary).map((field) => ({ op: 'archive_field' as const, field: field.id })),
  ]
}

/** Sends operations on tables and reads the tables again. */
export async function changeTables(ops: Op[]): Promise<ChangeAnswer | undefined> {
  if (ops.length === 0) return undefined
  const answer = await api.post<ChangeAnswer>('/api/changes', { ops })
  await queryClient.refetchQueries({ queryKey: tablesKey })
  return answer
}

export async function makeTableFor(filename: string, tables: readonly Table[]): Promise<TableId> {
  const answer = await changeTables([{ op: 'create_table', table: { name: nameFor(filename, tables) } }])
  return answer?.created[0]?.[0] ?? ''
}

export async function takeBack(table: TableId): Promise<void> {
  await changeTables([{ op: 'archive_table', table }])
}
