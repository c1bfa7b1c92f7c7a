import { kindOf } from '../kinds'
import { shownAs } from '../kinds/computed'
import type { GridModel } from '../model'
import { cellsOf, countCells, type Range } from '../selection'

/** Beyond this, counting cell by cell would be felt. */
export const MOST = 50_000

/** What the selected cells come to; nothing for a single one. */
export function summary(model: GridModel, selected: readonly Range[]): [label: string, value: string][] | undefined {
  const size = selected.reduce((sum, range) => sum + range.cols * range.rows, 0)
  if (size < 2) return undefined
  const lines: [string, string][] = [
    ['Cells', (size > MOST ? size : countRecordCells(model, selected)).toLocaleString('en-US')],
  ]
  // A sum of those that happen to be here would be a wrong one.
  if (size > MOST || missing(model, selected)) return lines
  const numbers: number[] = []
  const kinds = new Set<string>()
  let context: ReturnType<GridModel['context']> | undefined
  for (const [col, row] of cellsOf(selected)) {
    const field = model.field(col)
    const value = model.value(col, row)
    if (!field || typeof value !== 'number') continue
    numbers.push(value)
    const { kind, options } = shownAs(field)
    kinds.add(`${kind} ${options.code ?? ''}`)
    context = model.context(field)
  }
  if (numbers.length === 0) return lines
  const sum = numbers.reduce((left, right) => left + right, 0)
  const same = kinds.size === 1 && context
  const show = (value: number): string =>
    same ? kindOf(same.field).format(value, same) : value.toLocaleString('en-US', { maximumFractionDigits: 2 })
  if (same && shownAs(same.field).kind === 'rating') return [...lines, ['Average', (sum / numbers.length).toFixed(1)]]
  return [...lines, ['Sum', show(sum)], ['Average', show(sum / numbers.length)]]
}

/** Cells of records: the heads of groups hold none. */
function countRecordCells(model: GridModel, selected: readonly Range[]): number {
  if (!model.layout) return countCells(selected)
  let count = 0
  for (const [, row] of cellsOf(selected)) if (model.isRecord(row)) count += 1
  return count
}

/** Whether records of the selection are still to be read. */
export function missing(model: GridModel, selected: readonly Range[]): boolean {
  return selected.some((range) => model.recordRows(range).some((row) => model.idAt(row) === undefined))
}
