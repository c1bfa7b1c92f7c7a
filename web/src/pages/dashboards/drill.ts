/** From a number to its records: the address of a table's grid with the conditions in it, as unsaved changes. */
import type { Field, Filter, Table, View, ViewConfig } from '../../api/types'
import { written } from '../../views/viewState'
import { paths } from '../paths'

interface Order {
  /** What stands on top. */
  by?: Field
  desc?: boolean
  /** A field whose sum the footer shows, so that the number is seen again. */
  total?: Field
}

export function drillPath(table: Table, filters: readonly Filter[], { by, desc = true, total }: Order = {}): string {
  const view = plainView(table)
  const config: ViewConfig = {
    filter: filters.length > 0 ? { and: [...filters] } : null,
    groups: [],
    sorts: by ? [{ field: by.id, desc }] : [],
    ...(total && { totals: { ...view?.config.totals, [total.id]: 'sum' } }),
  }
  const query = new URLSearchParams({ ...(view && { view: view.id }), with: written(config) })
  return `${paths.table(table.key)}?${query}`
}

/** The grid that everybody has; its own conditions give way to those of the number. */
function plainView(table: Table): View | undefined {
  const views = table.views.filter((one) => one.deleted_at === null).sort((a, b) => a.position - b.position)
  return views.find((one) => one.kind === 'grid' && one.owner === null) ?? views[0]
}

export const isAny = (field: Field, values: readonly string[]): Filter => ({
  ...{ field: field.id, op: 'is_any_of', value: [...values] },
})
export const isNone = (field: Field, values: readonly string[]): Filter => ({
  ...{ field: field.id, op: 'is_none_of', value: [...values] },
})
export const isOption = (field: Field, value: string | null): Filter =>
  value === null ? isEmpty(field) : { field: field.id, op: 'is', value }
export const linksTo = (field: Field, record: string | null): Filter =>
  record === null ? isEmpty(field) : { field: field.id, op: 'has_any_of', value: [record] }
export const isEmpty = (field: Field): Filter => ({ field: field.id, op: 'is_empty' })
export const isFilled = (field: Field): Filter => ({ field: field.id, op: 'is_not_empty' })
/** Days from the first to before the second; either may be open. */
export const between = (field: Field, from: string | undefined, before: string | undefined): Filter[] => [
  ...(from ? [{ field: field.id, op: 'is_on_or_after', value: from }] : []),
  ...(before ? [{ field: field.id, op: 'is_before', value: before }] : []),
]
/** Longer ago than so many days, by the team's calendar; whoever opens the address sees the same days counted back. */
export const olderThan = (field: Field, days: number): Filter => ({
  ...{ field: field.id, op: 'is_before', value: { unit: 'days_ago', days } },
})
export const noOlderThan = (field: Field, days: number): Filter => ({
  ...{ field: field.id, op: 'is_on_or_after', value: { unit: 'days_ago', days } },
})
