/** Keeps a selection on the records it was made on while rows come, go and change places. */
import type { RecordId } from '../api/types'
import type { Range, Selection } from './selection'

/** Rows whose records are remembered; of larger selections only the place is kept. */
const MOST = 2000

/** A selection with the records that stood in its rows. */
export interface Held {
  readonly selection: Selection
  readonly ids: ReadonlyMap<number, RecordId>
  readonly total: number
}

/** What there is now: where records stand, and whether one that stands nowhere still exists. */
export interface Rows {
  readonly total: number
  rowOf(id: RecordId): number | undefined
  idAt(row: number): RecordId | undefined
  has(id: RecordId): boolean
}

export function hold(selection: Selection, rows: Pick<Rows, 'total' | 'idAt'>): Held {
  const ids = new Map<number, RecordId>()
  const note = (from: number, to: number): void => {
    if (to - from > MOST) return
    for (let row = from; row < to; row += 1) {
      const id = rows.idAt(row)
      if (id !== undefined) ids.set(row, id)
    }
  }
  for (const range of [selection.range, ...selection.more]) if (range) note(range.row, range.row + range.rows)
  for (const [from, to] of selection.rows) note(from, to)
  if (selection.cell) note(selection.cell[1], selection.cell[1] + 1)
  return { selection, ids, total: rows.total }
}

/** The selection on the same records; it never takes in a record that it did not hold. */
export function followed(held: Held, rows: Rows): Selection {
  const { selection } = held
  const { cell, range } = selection
  const more = selection.more.map((one) => moved(held, rows, one, one.row))
  const marks = markedRows(held, rows)
  const active = cell && placed(held, rows, cell[1])
  if (!cell || !range || active === undefined) return { ...selection, more, rows: marks }
  return { ...selection, cell: [cell[0], active], range: moved(held, rows, range, cell[1]), more, rows: marks }
}

function placed({ ids }: Held, rows: Rows, row: number): number | undefined {
  const id = ids.get(row)
  return id === undefined ? undefined : rows.rowOf(id)
}

/** A rectangle around the record of one of its rows, as far as its other records still stand beside it. */
function moved(held: Held, rows: Rows, range: Range, at: number): Range {
  const anchor = placed(held, rows, at)
  if (anchor === undefined) return range
  const members = new Set<number>()
  for (let row = range.row; row < range.row + range.rows; row += 1) {
    const id = held.ids.get(row)
    if (id === undefined) return { ...range, row: Math.max(0, range.row + anchor - at) }
    // By its row: a new record has got another id meanwhile.
    const now = rows.rowOf(id)
    if (now !== undefined) members.add(now)
  }
  let [top, bottom] = [anchor, anchor]
  while (members.has(top - 1)) top -= 1
  while (members.has(bottom + 1)) bottom += 1
  return { ...range, row: top, rows: bottom - top + 1 }
}

/** The ticked rows: those of deleted records go, all stay all. */
function markedRows(held: Held, rows: Rows): Selection['rows'] {
  const found = new Set<number>()
  for (const [from, to] of held.selection.rows) {
    if (from === 0 && to >= held.total && held.total > 0) return [[0, rows.total]]
    if (to - from > MOST) return held.selection.rows
    let by = 0
    for (let row = from; row < to; row += 1) {
      const id = held.ids.get(row)
      const now = id === undefined ? undefined : rows.rowOf(id)
      if (now !== undefined) by = now - row
      if (now !== undefined || id === undefined || rows.has(id)) found.add(now ?? row + by)
    }
  }
  return runs([...found].sort((a, b) => a - b))
}

function runs(ascending: readonly number[]): [number, number][] {
  const found: [number, number][] = []
  for (const row of ascending) {
    const last = found.at(-1)
    if (last && last[1] === row) last[1] = row + 1
    else found.push([row, row + 1])
  }
  return found
}

export function sameSelection(a: Selection, b: Selection): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b)
}
