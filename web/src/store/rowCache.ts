import type { Cells, RecordId } from '../api/types'

/** How many rows one request asks for. */
export const PAGE = 200
/** Pages kept; the least recently shown go first. */
const MAX_PAGES = 60

/**
 * The rows of one query that are here: a sparse list of record ids by row number, and the records themselves.
 * Rows may be put in or taken out at any place, so a page is simply 200 neighbouring row numbers.
 */
export class RowCache {
  total: number | undefined
  private ids = new Map<number, RecordId>()
  private readonly cells = new Map<RecordId, Cells>()
  private rows: Map<RecordId, number> | undefined
  /** Pages in the order of their last use, and the refresh they belong to. */
  private readonly pages = new Map<number, number>()
  private epoch = 0
  /** Records that miss a change, and the version up to which what is here is complete. */
  private readonly behind = new Map<RecordId, number>()
  private missedUpTo = 0

  idAt(row: number): RecordId | undefined {
    return this.ids.get(row)
  }

  record(id: RecordId): Cells | undefined {
    return this.cells.get(id)
  }

  /** Row number of a record, if it is here. */
  rowOf(id: RecordId): number | undefined {
    if (!this.rows) this.rows = new Map([...this.ids].map(([row, record]) => [record, row]))
    return this.rows.get(id)
  }

  get loaded(): number {
    return this.ids.size
  }

  /** Pages that touch the rows `from` to `to` (inclusive) and are missing or out of date. */
  missing(from: number, to: number): number[] {
    // The first page counts even when there are no rows: somebody may have added some.
    const last = Math.max(0, Math.min(to, (this.total ?? to + 1) - 1))
    const found: number[] = []
    for (let page = Math.floor(Math.max(0, from) / PAGE); page <= Math.floor(last / PAGE); page += 1) {
      if (this.pages.get(page) !== this.epoch || this.hasHole(page)) found.push(page)
    }
    return found
  }

  private hasHole(page: number): boolean {
    const end = Math.min((page + 1) * PAGE, this.total ?? 0)
    for (let row = page * PAGE; row < end; row += 1) if (!this.ids.has(row)) return true
    return false
  }

  /** Takes in an answer: `ids` from row `offset` on, `records` beside them. */
  put(offset: number, ids: readonly RecordId[], records: readonly Cells[], total: number): void {
    this.total = total
    // A record stands at one place only: where it stood before is not known until it is read again.
    for (const [index, id] of ids.entries()) {
      const old = this.rowOf(id)
      if (old !== undefined && old !== offset + index && this.ids.get(old) === id) this.ids.delete(old)
    }
    for (const [index, id] of ids.entries()) {
      this.ids.set(offset + index, id)
      const cells = records[index]
      if (cells) this.cells.set(id, cells)
    }
    for (let page = Math.floor(offset / PAGE); page * PAGE < offset + Math.max(1, ids.length); page += 1)
      this.touch(page)
    for (const row of this.ids.keys()) if (row >= total) this.ids.delete(row)
    this.rows = undefined
    this.evict()
  }

  /** Changes up to `version` came without their cells: what is here stays as it was at `shown` until it is read again. */
  missed(version: number, shown: number): void {
    this.missedUpTo = Math.max(this.missedUpTo, version)
    for (const id of this.cells.keys()) if (!this.behind.has(id)) this.behind.set(id, shown)
  }

  /** Notes that records were read at `version`; an answer from before a missed change does not make up for it. */
  readAt(version: number, ids: readonly RecordId[]): void {
    for (const id of ids) {
      if (version < this.missedUpTo) this.behind.set(id, version)
      else this.behind.delete(id)
    }
  }

  /** The version a record is held at because it misses a change; undefined when it is up to date or not here. */
  heldAt(id: RecordId): number | undefined {
    return this.behind.get(id)
  }

  /** Marks a page as used now. */
  use(from: number, to: number): void {
    for (let page = Math.floor(from / PAGE); page <= Math.floor(to / PAGE); page += 1) {
      const epoch = this.pages.get(page)
      if (epoch !== undefined) this.touch(page, epoch)
    }
  }

  private touch(page: number, epoch = this.epoch): void {
    this.pages.delete(page)
    this.pages.set(page, epoch)
  }

  private evict(): void {
    for (const page of this.pages.keys()) {
      if (this.pages.size <= MAX_PAGES) return
      this.pages.delete(page)
      for (let row = page * PAGE; row < (page + 1) * PAGE; row += 1) {
        const id = this.ids.get(row)
        if (id === undefined) continue
        this.ids.delete(row)
        this.cells.delete(id)
        this.behind.delete(id)
      }
      this.rows = undefined
    }
  }

  /** Keeps everything on show but asks for it anew: positions may have changed. */
  stale(): void {
    this.epoch += 1
  }

  /** Forgets everything. */
  clear(): void {
    this.total = undefined
    this.ids.clear()
    this.cells.clear()
    this.behind.clear()
    this.pages.clear()
    this.rows = undefined
    this.epoch += 1
  }

  /** Changes cells of a record that is here; answers whether it was. */
  patch(id: RecordId, cells: Cells): boolean {
    const old = this.cells.get(id)
    if (!old) return false
    this.cells.set(id, { ...old, ...cells })
    return true
  }

  /** Puts a record in at a row; what stood there and below moves down. */
  insert(row: number, id: RecordId, cells: Cells): void {
    this.insertAll(row, [id], [cells])
  }

  /** Puts records in one below the other from a row on. */
  insertAll(row: number, ids: readonly RecordId[], cells: readonly Cells[]): void {
    const moved = new Map<number, RecordId>()
    for (const [at, record] of this.ids) moved.set(at >= row ? at + ids.length : at, record)
    for (const [index, id] of ids.entries()) {
      moved.set(row + index, id)
      this.cells.set(id, cells[index] ?? {})
    }
    this.ids = moved
    this.total = (this.total ?? 0) + ids.length
    this.rows = undefined
  }

  /** Takes records out; what stood below moves up. Answers how many were here. */
  remove(gone: ReadonlySet<RecordId>): number {
    const at = [...this.ids]
      .filter(([, id]) => gone.has(id))
      .map(([row]) => row)
      .sort((a, b) => a - b)
    if (at.length === 0) return 0
    const kept = new Map<number, RecordId>()
    for (const [row, id] of this.ids) if (!gone.has(id)) kept.set(row - countBelow(at, row), id)
    for (const id of gone) {
      this.cells.delete(id)
      this.behind.delete(id)
    }
    this.ids = kept
    this.total = Math.max(0, (this.total ?? 0) - at.length)
    this.rows = undefined
    return at.length
  }

  /** Gives a record its real id once the server has made it. */
  rename(from: RecordId, to: RecordId): void {
    const cells = this.cells.get(from)
    const row = this.rowOf(from)
    if (cells) this.cells.set(to, cells)
    this.cells.delete(from)
    const held = this.behind.get(from)
    if (held !== undefined) this.behind.set(to, held)
    this.behind.delete(from)
    if (row === undefined) return
    this.ids.set(row, to)
    this.rows?.delete(from)
    this.rows?.set(to, row)
  }
}

/** How many of the ascending numbers lie below `row`. */
function countBelow(ascending: readonly number[], row: number): number {
  let low = 0
  let high = ascending.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ascending[middle] ?? 0) < row) low = middle + 1
    else high = middle
  }
  return low
}
