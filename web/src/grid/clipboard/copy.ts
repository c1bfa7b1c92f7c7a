/** Selected cells as spreadsheet text and as an HTML table that also carries exact values. */
import type { GridModel } from '../model'
import type { Range } from '../selection'
import { type ClipCell, writeHtml } from './html'
import { writeTsv } from './tsv'

/** More cells than this are not put on the clipboard. */
export const MOST_CELLS = 500_000
/** More rows than this are not held at once, so none are copied or pasted. */
export const MOST_ROWS = 11_000

export interface Copied {
  readonly text: string
  readonly html: string
  readonly cells: number
}

/** Whether all rows of the ranges are here as they are now; if not, read them first. */
export function complete(model: GridModel, selected: readonly Range[]): boolean {
  return selected.every((range) => model.isHere(range.row, range.row + range.rows - 1))
}

/** Ranges over the same rows are put side by side, others below one another, as spreadsheets do. */
export function copyRanges(model: GridModel, selected: readonly Range[]): Copied {
  const rows: ClipCell[][] = []
  for (const band of bands(selected)) {
    for (const row of model.recordRows(band[0] ?? { row: 0, rows: 0 })) {
      const columns = band.flatMap((range) => Array.from({ length: range.cols }, (_, at) => range.col + at))
      rows.push([...new Set(columns)].map((col) => clip(model, col, row)))
    }
  }
  const text = writeTsv(rows.map((row) => row.map((cell) => cell.text)))
  return { text, html: writeHtml(rows), cells: rows.reduce((sum, row) => sum + row.length, 0) }
}

/** The ranges from top to bottom; those that span the same rows together, from left to right. */
export function bands(selected: readonly Range[]): Range[][] {
  const found = new Map<string, Range[]>()
  for (const range of [...selected].sort((a, b) => a.row - b.row || a.col - b.col)) {
    const key = `${range.row} ${range.rows}`
    found.set(key, [...(found.get(key) ?? []), range])
  }
  return [...found.values()]
}

function clip(model: GridModel, col: number, row: number): ClipCell {
  const field = model.field(col)
  const value = model.value(col, row) ?? null
  const text = model.text(col, row)
  return field ? { text, exact: { kind: `${field.kind}:${field.id}`, value } } : { text }
}
