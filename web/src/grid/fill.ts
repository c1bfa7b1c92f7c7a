import type { Cell } from '../store/cells'
import type { Range } from './selection'
import type { Series } from './series'

/** One cell to write: where, and which value goes there from which column. */
export interface Fill {
  readonly col: number
  readonly row: number
  readonly value: Cell
  /** The column the value stems from. */
  readonly from: number
}

type Read = (col: number, row: number) => Cell
/** Finds how the values of a column go on. */
type Finder = (col: number, values: readonly Cell[]) => Series | undefined
/** The rows of a range that hold records. */
type RowsIn = (range: Range) => number[]

/** Ctrl+D: the top record of the range goes into all below it. A single one takes the record above, if there is one. */
export function fillDown(range: Range, rows: readonly number[], above: number | undefined, read: Read): Fill[] {
  const [top, ...rest] = rows
  const source = rows.length === 1 ? above : top
  if (source === undefined) return []
  return (rows.length === 1 ? rows : rest).flatMap((row) =>
    Array.from({ length: range.cols }, (_, at): Fill => {
      const col = range.col + at
      return { col, row, value: read(col, source), from: col }
    }),
  )
}

/**
 * The fill handle: goes on with `source` over `target`, upwards and downwards as a series where its values begin one,
 * else by repeating them. Rows without a record, such as heads of groups, are passed over and not counted.
 */
export function fillHandle(source: Range, target: Range, rowsIn: RowsIn, read: Read, find: Finder): Fill[] {
  if (target.cols !== source.cols) return aside(source, target, rowsIn(target), read)
  const given = rowsIn(source)
  const all = rowsIn(target)
  const offset = all.indexOf(given[0] ?? -1)
  if (offset < 0) return []
  const fills: Fill[] = []
  for (let col = source.col; col < source.col + source.cols; col += 1) {
    const values = given.map((row) => read(col, row))
    const series = find(col, values)
    for (const [at, row] of all.entries()) {
      const place = at - offset
      if (place >= 0 && place < given.length) continue
      const value = series ? series(place) : (values[wrap(place, values.length)] ?? null)
      fills.push({ col, row, value, from: col })
    }
  }
  return fills
}

/** To the left and right the values repeat: other columns hold other things, of which no series is made. */
function aside(source: Range, target: Range, rows: readonly number[], read: Read): Fill[] {
  return rows.flatMap((row) =>
    Array.from({ length: target.cols }, (_, at) => target.col + at)
      .filter((col) => col < source.col || col >= source.col + source.cols)
      .map((col): Fill => {
        const from = source.col + wrap(col - source.col, source.cols)
        return { col, row, value: read(from, row), from }
      }),
  )
}

const wrap = (index: number, length: number): number => ((index % length) + length) % length
