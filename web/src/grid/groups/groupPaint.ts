/** What stands in the rows that hold no record: a group's value, count and totals, and the row that adds a record. */
import type { Field } from '../../api/types'
import { paintOf } from '../cellPaint'
import { widthOf } from '../columns'
import { showAggregate, totalOf } from '../footer/aggregates'
import { kindOf } from '../kinds'
import type { GridModel } from '../model'
import type { CellPaint } from '../surface/types'
import type { Group } from './layout'

const EMPTY: CellPaint = { kind: 'text', text: '' }

export function paintGroup(model: GridModel, group: Group, col: number): CellPaint {
  const field = model.field(col)
  if (!field) return EMPTY
  if (col > 0) return paintTotal(model, group, field)
  const by = groupField(model, group.level)
  const value = group.key[group.level] ?? null
  const empty: CellPaint = { kind: 'text', text: by?.kind === 'checkbox' ? 'Not ticked' : '(Empty)', tone: 'faded' }
  const title = by && value !== null ? titleOf(model, by, value) : empty
  const words = by ? `${by.name}: ${value === null ? 'empty' : kindOf(by).format(value, model.context(by))}` : ''
  const copy = `${words}, ${group.count} records, ${group.folded ? 'collapsed' : 'expanded'}`
  return { kind: 'group', level: group.level, title, count: group.count.toLocaleString('en-US'), copy }
}

function titleOf(model: GridModel, field: Field, value: NonNullable<Group['key'][number]>): CellPaint {
  const { shape } = kindOf(field)
  if (shape === 'check') return { kind: 'text', text: 'Ticked' }
  const paint = paintOf(value, model.context(field))
  return paint.kind === 'text' ? { ...paint, align: 'left', tone: 'strong' } : paint
}

/** The field that groups of a level are made by. */
export function groupField(model: GridModel, level: number): Field | undefined {
  const by = model.setting.groups[level]
  return by && model.setting.table.fields.find((field) => field.id === by.field)
}

function paintTotal(model: GridModel, group: Group, field: Field): CellPaint {
  const aggregate = totalOf(field, model.setting.table, model.setting.config.totals)
  const value = model.totals.get(group.path)?.[field.id]
  if (aggregate === 'none' || value === undefined || value === null) return EMPTY
  const room = widthOf(field, model.setting.config) - 16
  const text = showAggregate(aggregate, value, model.context(field), room)
  return { kind: 'text', text, align: 'right', tone: 'faded' }
}

export function paintAdd(model: GridModel, col: number): CellPaint {
  if (col > 0) return EMPTY
  return { kind: 'text', text: `+  Add ${model.setting.table.name_one.toLowerCase()}`, tone: 'faded' }
}
