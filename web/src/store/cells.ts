import type { AttachedFile, CellValue } from '../api/types'

/** The value of one cell as it travels on the wire (docs/reference/http.md); an empty cell is null. */
export type Cell = CellValue

/** A value as the server means it: an empty text, an unticked box and an empty list are all "empty". */
export function normalized(value: unknown): Cell {
  if (value === undefined || value === null || value === '' || value === false) return null
  if (Array.isArray(value)) return value.length === 0 ? null : (value as string[])
  return value as Cell
}

export function isEmpty(value: Cell | undefined): boolean {
  return normalized(value) === null
}

/** Whether two cells hold the same value; lists compare in order. */
export function sameCell(a: Cell | undefined, b: Cell | undefined): boolean {
  const left = normalized(a)
  const right = normalized(b)
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => sameItem(item, right[index]))
  }
  return left === right
}

function sameItem(a: string | AttachedFile, b: string | AttachedFile | undefined): boolean {
  if (typeof a === 'string' || typeof b !== 'object') return a === b
  return a.hash === b.hash && a.name === b.name
}
