/** Selected cells as spreadsheet text and as an HTML table that also carries exact values. */
import type { GridModel } from '../model'
import type { Range } from '../selection'
import { type ClipCell, writeHtml } from './html'
import { writeTsv } from './tsv'

/** More cells than this are not put on the clipboard. */
export const MOST_CELLS = 500_000

export interface Copied {
  readonly text: string
  readonly html: string
  readonly cells: number
}

/** Whether all rows of the ranges are here; if not, read them first. */
export function complete(model: GridModel, selected: readonly Range[]): boolean {
  return selected.every((range) => {
    for (let row = range.row; row < range.row + range.rows; row += 1) {
      if (model.isRecord(row) && !model.idAt(row)) return false
    }
    return true
  })
}

/** Several ranges are put below one another, as spreadsheets do for rows picked one by one. */
export function copyRanges(model: GridModel, selected: readonly Range[]): Copied {
  const rows: ClipCell[][] = []
  for (const range of selected) {
    for (let row = range.row; row < range.row + range.rows; row += 1) {
      if (model.isRecord(row))
        rows.push(Array.from({ length: range.cols }, (_, at) => clip(model, range.col + at, row)))
    }
  }
  const text = writeTsv(rows.map((row) => row.map((cell) => cell.text)))
  return { text, html: writeHtml(rows), cells: rows.reduce((sum, row) => sum + row.length, 0) }
}

function clip(model: GridModel, col: number, row: number): ClipCell {
  const field = model.field(col)
  const value = model.value(col, row) ?? null
  const text = model.text(col, row)
  return field ? { text, exact: { kind: `${field.kind}:${field.id}`, value } } : { text }
}
