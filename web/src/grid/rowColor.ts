/** The colour of a record in a view: its option's, or that of the first rule it meets. */
import type { RecordId, RowColor } from '../api/types'
import { choicesOf } from './kinds/choices'
import { shownAs } from './kinds/computed'
import { matches } from './matches'
import type { GridModel } from './model'

export function rowColorOf(
  model: GridModel,
  color: RowColor | null | undefined,
  cellOf: GridModel['rows']['cellOf'] = (id, field) => model.rows.cellOf(id, field),
): ((id: RecordId) => string | undefined) | undefined {
  const fields = new Map(model.setting.table.fields.map((field) => [field.id, field]))
  const by = color?.field ? fields.get(color.field) : undefined
  if (by) {
    const colors = new Map(choicesOf(shownAs(by)).map((choice) => [choice.id, choice.color]))
    return (id) => colors.get(String(cellOf(id, by.id) ?? ''))
  }
  const rules = color?.rules ?? []
  if (rules.length === 0) return undefined
  const context = {
    fields,
    zone: model.setting.zone,
    now: new Date(),
    nameOf: (id: string) => model.workspace.names.get(id),
  }
  return (id) => rules.find((rule) => matches(rule.filter, (field) => cellOf(id, field) ?? null, context))?.color
}
