import type { Field, FieldId, Table, ViewConfig } from '../api/types'
import { shownAs } from './kinds/computed'

const DEFAULT_WIDTHS: Readonly<Record<string, number>> = {
  long_text: 260,
  number: 120,
  currency: 130,
  percent: 100,
  rating: 110,
  checkbox: 90,
  date: 120,
  date_time: 160,
  duration: 100,
  email: 210,
  url: 200,
  link: 200,
  multi_select: 200,
  created_time: 160,
  modified_time: 160,
  auto_number: 80,
}

/**
 * All living fields in the order of the view; the primary field always leads. A field the view does not know yet stands
 * before the one that follows it in the table.
 */
export function orderedFields(table: Table, config: ViewConfig): Field[] {
  const living = table.fields.filter((field) => field.archived_at === null).sort((a, b) => a.position - b.position)
  const byId = new Map(living.map((field) => [field.id, field]))
  const listed = (config.order ?? []).flatMap((id) => byId.get(id) ?? [])
  const known = new Set(listed)
  for (const field of living.toReversed()) {
    if (known.has(field)) continue
    const follower = living[living.indexOf(field) + 1]
    const at = follower ? listed.indexOf(follower) : -1
    if (at < 0) listed.push(field)
    else listed.splice(at, 0, field)
  }
  return [...listed.filter((field) => field.primary), ...listed.filter((field) => !field.primary)]
}

export function visibleFields(table: Table, config: ViewConfig): Field[] {
  const hidden = new Set(config.hidden ?? [])
  return orderedFields(table, config).filter((field) => field.primary || !hidden.has(field.id))
}

export function widthOf(field: Field, config: ViewConfig): number {
  return config.widths?.[field.id] ?? (field.primary ? 240 : (DEFAULT_WIDTHS[shownAs(field).kind] ?? 170))
}

/** The order after dragging a visible column to another place; hidden fields keep their neighbours. */
export function moved(all: readonly FieldId[], shown: readonly FieldId[], from: number, to: number): FieldId[] {
  const field = shown[from]
  const neighbour = shown[to]
  if (field === undefined || neighbour === undefined || from === to) return [...all]
  const rest = all.filter((id) => id !== field)
  const at = rest.indexOf(neighbour) + (to > from ? 1 : 0)
  return [...rest.slice(0, at), field, ...rest.slice(at)]
}

/** The four steps of row height, in pixels. */
export const ROW_HEIGHTS = { short: 32, medium: 56, tall: 88, extra: 128 } as const
export type RowStep = keyof typeof ROW_HEIGHTS

/** Row height in pixels, within what can be drawn. */
export function rowHeightOf(config: ViewConfig): number {
  return Math.min(200, Math.max(28, config.row_height ?? ROW_HEIGHTS.short))
}

/** The tallest step that the height of a view reaches. */
export function rowStepOf(config: ViewConfig): RowStep {
  const steps = Object.keys(ROW_HEIGHTS) as RowStep[]
  return steps.findLast((step) => ROW_HEIGHTS[step] <= rowHeightOf(config)) ?? 'short'
}

export function frozenOf(config: ViewConfig, shown: number): number {
  return Math.min(Math.max(1, config.frozen ?? 1), shown)
}
