/** What a new record starts with so that the view it is made in shows it: values its filter asks for. */
import type { Cells, Field, Filter } from '../api/types'
import { canWrite } from './kinds'
import { type Condition, isGroup, treeOf } from './toolbar/filterTree'

/** The cells that simple conditions ask for; only those that must all hold say something certain. */
export function cellsForFilter(filter: Filter | null | undefined, fields: readonly Field[]): Cells {
  const tree = treeOf(filter)
  const certain = tree.join === 'and' || tree.parts.length === 1
  const cells: Cells = {}
  for (const part of certain ? tree.parts : []) {
    if (isGroup(part)) Object.assign(cells, cellsForFilter({ [part.join]: part.parts } as unknown as Filter, fields))
    else {
      const field = fields.find((one) => one.id === part.field)
      const value = field && canWrite(field) ? valueFor(part) : undefined
      if (field && value !== undefined) cells[field.id] = value
    }
  }
  return cells
}

function valueFor({ op, value }: Condition): Cells[string] | undefined {
  if (value === null || value === undefined) return undefined
  switch (op) {
    case 'is':
    case '=':
      return typeof value === 'object' ? undefined : value === false ? undefined : (value as string | number | boolean)
    case 'is_any_of':
      return Array.isArray(value) && value.length === 1 ? (value[0] as string) : undefined
    case 'has_any_of':
      return Array.isArray(value) && value.length === 1 ? (value as string[]) : undefined
    case 'has_all_of':
    case 'is_exactly':
      return Array.isArray(value) ? (value as string[]) : undefined
    default:
      return undefined
  }
}
