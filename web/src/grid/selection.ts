/** A rectangle of cells in view coordinates. */
export interface Range {
  readonly col: number
  readonly row: number
  readonly cols: number
  readonly rows: number
}

/** What is selected: the active cell with its range, further ranges, and whole rows or columns. */
export interface Selection {
  readonly cell?: readonly [col: number, row: number]
  readonly range?: Range
  readonly more: readonly Range[]
  readonly rows: readonly (readonly [from: number, to: number])[]
  readonly columns: readonly (readonly [from: number, to: number])[]
}

export const NOTHING: Selection = { more: [], rows: [], columns: [] }

export function atCell(col: number, row: number): Selection {
  return { ...NOTHING, cell: [col, row], range: { col, row, cols: 1, rows: 1 } }
}

/** The selected rectangles, clipped to the table; whole rows and columns become rectangles too. */
export function ranges(selection: Selection, cols: number, rows: number): Range[] {
  const found: Range[] = []
  if (selection.range) found.push(selection.range, ...selection.more)
  for (const [from, to] of selection.rows) found.push({ col: 0, row: from, cols, rows: to - from })
  for (const [from, to] of selection.columns) found.push({ col: from, row: 0, cols: to - from, rows })
  return found.map((range) => clip(range, cols, rows)).filter((range) => range.cols > 0 && range.rows > 0)
}

function clip(range: Range, cols: number, rows: number): Range {
  const col = Math.max(0, range.col)
  const row = Math.max(0, range.row)
  return {
    col,
    row,
    cols: Math.min(range.col + range.cols, cols) - col,
    rows: Math.min(range.row + range.rows, rows) - row,
  }
}

/** Every selected cell once, row by row within each rectangle. */
export function* cellsOf(selected: readonly Range[]): Generator<readonly [col: number, row: number]> {
  for (const [index, range] of selected.entries()) {
    const earlier = selected.slice(0, index)
    for (let row = range.row; row < range.row + range.rows; row += 1) {
      for (let col = range.col; col < range.col + range.cols; col += 1) {
        if (!earlier.some((other) => holds(other, col, row))) yield [col, row]
      }
    }
  }
}

export function holds(range: Range, col: number, row: number): boolean {
  return col >= range.col && col < range.col + range.cols && row >= range.row && row < range.row + range.rows
}

/** Row numbers touched by the selection, ascending, each once. */
export function rowsOf(selected: readonly Range[]): number[] {
  const rows = new Set<number>()
  for (const range of selected) for (let row = range.row; row < range.row + range.rows; row += 1) rows.add(row)
  return [...rows].sort((a, b) => a - b)
}

export function countCells(selected: readonly Range[]): number {
  if (selected.length === 1 && selected[0]) return selected[0].cols * selected[0].rows
  let count = 0
  for (const _ of cellsOf(selected)) count += 1
  return count
}

/** Moves a selection after rows were inserted or taken out, so that it stays on the same records. */
export function shifted(selection: Selection, by: number): Selection {
  if (by === 0 || !selection.cell || !selection.range) return selection
  const [col, row] = selection.cell
  return { ...selection, cell: [col, row + by], range: { ...selection.range, row: selection.range.row + by } }
}
