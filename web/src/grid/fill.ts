import type { Cell } from '../store/cells'
import type { Range } from './selection'

/** One cell to write: where, and what goes there. */
export interface Fill {
  readonly col: number
  readonly row: number
  readonly value: Cell
}

type Read = (col: number, row: number) => Cell
/** Continues a series: `step` from the value, or undefined where the kind has no series. */
type Step = (col: number, from: Cell, step: number) => Cell | undefined

/** Ctrl+D: the top row of the range goes into all rows below it. A single row takes the row above. */
export function fillDown(range: Range, read: Read): Fill[] {
  const source = range.rows === 1 ? range.row - 1 : range.row
  if (source < 0) return []
  const fills: Fill[] = []
  for (let row = source + 1; row < range.row + range.rows; row += 1) {
    for (let col = range.col; col < range.col + range.cols; col += 1) fills.push({ col, row, value: read(col, source) })
  }
  return fills
}

/**
 * The fill handle: repeats `source` over `target`. Two or more numbers or dates in an even step go on in that step;
 * everything else repeats.
 */
export function fillHandle(source: Range, target: Range, read: Read, step: Step): Fill[] {
  const fills: Fill[] = []
  const vertical = target.cols === source.cols
  for (let row = target.row; row < target.row + target.rows; row += 1) {
    for (let col = target.col; col < target.col + target.cols; col += 1) {
      const inside =
        row >= source.row && row < source.row + source.rows && col >= source.col && col < source.col + source.cols
      if (inside) continue
      const series = vertical ? continued(source, col, row, read, step) : undefined
      fills.push({ col, row, value: series === undefined ? repeated(source, col, row, read) : series })
    }
  }
  return fills
}

const wrap = (index: number, length: number): number => ((index % length) + length) % length

function repeated(source: Range, col: number, row: number, read: Read): Cell {
  return read(source.col + wrap(col - source.col, source.cols), source.row + wrap(row - source.row, source.rows))
}

function continued(source: Range, col: number, row: number, read: Read, step: Step): Cell | undefined {
  if (source.rows < 2) return undefined
  const values = Array.from({ length: source.rows }, (_, index) => read(col, source.row + index))
  const numbers = values.map(asOrdinal)
  const [first, second] = numbers
  if (first === undefined || second === undefined) return undefined
  const distance = second - first
  const even = numbers.every((one, index) => one !== undefined && Math.abs(one - (first + distance * index)) < 1e-9)
  return even ? step(col, values[0] ?? null, distance * (row - source.row)) : undefined
}

/** Numbers as they are, dates as days: what a series counts in. */
function asOrdinal(value: Cell): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value))
    return Date.parse(`${value}T00:00:00Z`) / 86_400_000
  return undefined
}

/** The value `step` further along in a series of numbers or days. */
export function stepBy(from: Cell, step: number): Cell | undefined {
  if (typeof from === 'number') return Number((from + step).toPrecision(15))
  const day = asOrdinal(from)
  if (day === undefined || !Number.isInteger(step)) return undefined
  return new Date((day + step) * 86_400_000).toISOString().slice(0, 10)
}
