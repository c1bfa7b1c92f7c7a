/** Where records land that are dragged or stepped among the rows: before which record, and in which group. */
import type { Field, RecordId } from '../api/types'
import { updateOp } from '../store/ops'
import type { Group, LayoutRow } from './groups/layout'
import { canWrite } from './kinds'
import type { GridModel } from './model'

export interface Landing {
  /** The record they come to stand before; null: at the end. */
  readonly before: RecordId | null
  /** The group they join, in a grouped grid. */
  readonly group?: Group
}

/** Why no record can be put at another place; undefined when all can. */
export function whyFixed(model: GridModel): string | undefined {
  const sorts = model.setting.config.sorts ?? []
  const names = sorts.flatMap(({ field: id }) => {
    const field = model.setting.table.fields.find((one) => one.id === id && one.archived_at === null)
    return field ? [field.name] : []
  })
  return names.length > 0 ? `Sorted by ${names.join(', ')}: the sort decides the order` : undefined
}

/** Where records let go over row `gap` land; undefined where the rows beside it are not here yet. */
export function landingAt(model: GridModel, gap: number, moving: ReadonlySet<RecordId>): Landing | undefined {
  const below = model.row(gap)
  if (model.layout && below?.kind !== 'record') {
    const group = groupOver(model, gap)
    return group && { before: null, group }
  }
  let row: number | undefined = gap
  const same = (one: LayoutRow | undefined) => one?.kind === 'record' && one.group === below?.group
  for (; row < model.total && (!model.layout || same(model.row(row))); row += 1) {
    const id = model.idAt(row)
    if (id === undefined) return undefined
    if (!moving.has(id)) return { before: id, ...(below ? { group: below.group } : {}) }
  }
  return { before: null, ...(below ? { group: below.group } : {}) }
}

/** The group whose end lies over a row that holds no record; over the first head it is the first group. */
function groupOver(model: GridModel, gap: number): Group | undefined {
  const above = model.row(gap - 1)
  if (!above) return model.layout?.groupAt(0)
  if (above.kind !== 'group') return above.group
  return above.group.key.length === model.setting.groups.length ? above.group : model.layout?.groupAt(above.group.first)
}

/** The gap that a step up or down leads to from a block of rows; undefined at the edge. */
export function stepGap(model: GridModel, first: number, last: number, by: 1 | -1): number | undefined {
  const next = by === -1 ? model.nearest(first - 1, -1) : model.nearest(last + 1, 1)
  if (next === undefined || (by === 1 && last + 1 >= model.total)) return undefined
  const together = model.row(next)?.group === model.row(by === -1 ? first : last)?.group
  if (by === -1) return together ? next : next + 1
  return together ? next + 1 : next
}

/** The operations that put records there. */
export function placing(model: GridModel, ids: readonly RecordId[], { before, group }: Landing) {
  const { table } = model.setting
  const strangers = group ? ids.filter((id) => groupOf(model, id)?.path !== group.path) : []
  const cells = group ? model.valuesOf(group) : {}
  const edits = strangers.flatMap((id) => Object.entries(cells).map(([field, value]) => [id, field, value] as const))
  const move = { op: 'move' as const, table: table.id, ids: [...ids], before }
  return edits.length > 0 ? [updateOp(table.id, edits), move] : [move]
}

export function groupOf(model: GridModel, id: RecordId): Group | undefined {
  const row = model.rowOf(id)
  return row === undefined ? undefined : model.row(row)?.group
}

/** The fields that keep records out of a group: nobody can write them, and the records have another value there. */
export function keptOutBy(model: GridModel, ids: readonly RecordId[], group: Group | undefined): Field | undefined {
  if (!group) return undefined
  const fixed = model.keysOf(group).find(([field, value]) => {
    if (canWrite(field)) return false
    const level = model.setting.groups.findIndex((one) => one.field === field.id)
    return ids.some((id) => JSON.stringify(groupOf(model, id)?.key[level] ?? null) !== JSON.stringify(value))
  })
  return fixed?.[0]
}
