import type { FieldId, Filter, Sort, TableChange } from '../api/types'

/** What is looked at: the rows of a table that pass a filter and a search, in an order. */
export interface RowQuery {
  readonly filter: Filter | null
  readonly groups?: readonly Sort[]
  readonly sorts: readonly Sort[]
  readonly search: string
}

/** Whether any of the fields decides what is shown where. */
export function decidedBy({ filter, groups = [], sorts, search }: RowQuery, fields: readonly FieldId[]): boolean {
  if (search !== '') return true
  const text = filter ? JSON.stringify(filter) : ''
  const orders = [...groups, ...sorts]
  return fields.some((field) => orders.some((sort) => sort.field === field) || text.includes(`"${field}"`))
}

/** Whether these are all rows of the table in the table's own order. */
export function isWhole({ filter, groups = [], sorts, search }: RowQuery): boolean {
  return filter === null && groups.length + sorts.length === 0 && search === ''
}

/** Whether a change may bring rows, take rows away or put them elsewhere. */
export function movesRows(query: RowQuery, change: TableChange): boolean {
  const { records = [], deleted = [], restored = [], reload = false } = change
  if (reload || deleted.length + restored.length > 0) return true
  return records.some(
    ({ created, position, cells }) => created || position !== undefined || decidedBy(query, Object.keys(cells)),
  )
}
