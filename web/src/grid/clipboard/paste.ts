/** Pasted cells into typed edits: one plan, so that one change set and one undo follow. */
import type { Cells, Field, FieldId, RecordId } from '../../api/types'
import type { Cell } from '../../store/cells'
import { canWrite, kindOf } from '../kinds'
import type { CellEdit, GridModel } from '../model'
import type { Range } from '../selection'
import { type ClipCell, readHtml } from './html'
import { readTsv } from './tsv'

export interface Trouble {
  readonly col: number
  readonly row: number
  readonly text: string
  readonly message: string
}

/** A cell whose text names things (options, records) that are not known; `names` are the unknown ones. */
export interface Unknown {
  readonly field: Field
  readonly names: readonly string[]
  readonly text: string
  /** Where the value goes once it is known: an existing record or the nth new one. */
  readonly target: { readonly record: RecordId } | { readonly made: number }
}

export interface PastePlan {
  readonly edits: CellEdit[]
  /** Cells of rows to be added below the last one. */
  readonly added: Cells[]
  readonly troubles: Trouble[]
  readonly unknown: Unknown[]
  /** What is filled afterwards, to select it. */
  readonly targets: readonly Range[]
}

/** Reads what is on the clipboard: an HTML table when there is one, else tab-separated text. */
export function readClipboard(html: string, text: string): ClipCell[][] | undefined {
  const fromHtml = html === '' ? undefined : readHtml(html)
  if (fromHtml) return fromHtml
  return text === '' ? undefined : readTsv(text).map((row) => row.map((cell) => ({ text: cell })))
}

/** One cell (or a block that fits evenly) pasted into a larger selection fills it. */
function spread(cells: ClipRows, target: Range): Range {
  const [rows, cols] = [cells.length, widthOf(cells)]
  const fits = target.rows % rows === 0 && target.cols % cols === 0
  return fits ? target : { ...target, rows, cols }
}

type ClipRows = readonly (readonly ClipCell[])[]

function widthOf(cells: ClipRows): number {
  return cells.reduce((most, row) => Math.max(most, row.length), 1)
}

/**
 * Where a paste goes: into each of several selected ranges that it fills evenly, else into the first one alone. Only a
 * single one grows beyond what is selected.
 */
export function targetsOf(cells: ClipRows, selected: readonly Range[]): Range[] {
  const [first, ...more] = selected
  if (!first) return []
  const [rows, cols] = [cells.length, widthOf(cells)]
  const fits = selected.every((one) => one.rows % rows === 0 && one.cols % cols === 0)
  return more.length > 0 && fits ? [...selected] : [spread(cells, first)]
}

export function planPaste(model: GridModel, cells: ClipRows, targets: readonly Range[]): PastePlan {
  const plan: PastePlan = { edits: [], added: [], troubles: [], unknown: [], targets }
  for (const target of targets) planRange(model, cells, target, plan)
  return plan
}

function planRange(model: GridModel, cells: ClipRows, target: Range, plan: PastePlan): void {
  const width = widthOf(cells)
  let last = target.row - 1
  for (let down = 0; down < target.rows; down += 1) {
    const source = cells[down % cells.length] ?? []
    // Heads of groups are passed over: what follows goes on in the next record.
    const row = model.nearest(down === 0 ? target.row : last + 1, 1) ?? model.total + down
    last = row
    const record = row < model.total ? model.idAt(row) : undefined
    if (row < model.total && record === undefined) continue
    const place = record === undefined ? { made: plan.added.length } : { record }
    const made: Cells = {}
    for (let right = 0; right < target.cols; right += 1) {
      const field = model.field(target.col + right)
      const cell = source[right % width]
      if (!field || !cell || !canWrite(field)) continue
      const value = readCell(model, field, cell, place, plan, target.col + right, row)
      if (value === undefined) continue
      if (record === undefined) made[field.id] = value
      else plan.edits.push([record, field.id, value])
    }
    if (record === undefined) plan.added.push(made)
  }
}

function readCell(
  model: GridModel,
  field: Field,
  cell: ClipCell,
  target: Unknown['target'],
  plan: PastePlan,
  col: number,
  row: number,
): Cell | undefined {
  const exact = exactValue(model, field, cell)
  if (exact !== undefined) return exact
  const parsed = kindOf(field).parse(cell.text, model.context(field))
  if (parsed.ok) return parsed.value
  if (parsed.unknown) plan.unknown.push({ field, names: parsed.unknown, text: cell.text, target })
  else plan.troubles.push({ col, row, text: cell.text, message: parsed.message })
  return undefined
}

/** The value of one field as another field holds it; undefined where it fits none. */
export function convertedValue(model: GridModel, from: Field, to: Field, value: Cell): Cell | undefined {
  const exact = exactValue(model, to, { text: '', exact: { kind: `${from.kind}:${from.id}`, value } })
  if (exact !== undefined) return exact
  const parsed = kindOf(to).parse(kindOf(from).format(value, model.context(from)), model.context(to))
  return parsed.ok ? parsed.value : undefined
}

/** The exact value when it was copied from this very field, or from one whose values mean the same. */
function exactValue(model: GridModel, field: Field, { exact }: ClipCell): Cell | undefined {
  if (!exact) return undefined
  const [kind, id] = exact.kind.split(':') as [string, FieldId]
  if (id === field.id) return exact.value
  if (kind !== field.kind) return undefined
  if (kind === 'single_select' || kind === 'multi_select') return undefined
  if (kind === 'link') {
    const source = model.setting.tables.flatMap((table) => table.fields).find((one) => one.id === id)
    return source?.options.table === field.options.table ? exact.value : undefined
  }
  return exact.value
}
