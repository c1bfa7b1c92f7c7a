/** The stacks of a kanban: one for each option of a single select, and one for records that have none. */
import type { Cells, Field, Filter, RecordId } from '../../api/types'
import { choicesOf } from '../../grid/kinds/choices'
import { shownAs } from '../../grid/kinds/computed'
import type { RowQuery } from '../../store/rowQuery'
import { narrowed } from '../cards/narrow'

export interface Stack {
  /** The option, or null for records without one. */
  readonly option: string | null
  readonly name: string
  readonly color: string
}

export function stacksOf(field: Field): Stack[] {
  const options = choicesOf(shownAs(field)).map(({ id, name, color }) => ({ option: id, name, color }))
  return [{ option: null, name: `No ${field.name.toLowerCase()}`, color: 'gray' }, ...options]
}

/** The records of one stack: those of the view that have its option. */
export function queryOf(query: RowQuery, field: Field, option: string | null): RowQuery {
  const own: Filter =
    option === null ? { field: field.id, op: 'is_empty' } : { field: field.id, op: 'is', value: option }
  return { ...query, groups: [], filter: narrowed(query.filter, [own]) }
}

export function admits(field: Field, option: string | null): (cells: Cells) => boolean {
  return (cells) => (cells[field.id] ?? null) === option
}

/** Where a card goes when it is dropped before another one of a stack, itself not counted. */
export function dropPlace(ids: readonly (RecordId | undefined)[], moved: RecordId, at: number): number {
  const before = ids.slice(0, at)
  return before.includes(moved) ? at - 1 : at
}
