import type { Cells, Change, FieldId, QueryAnswer, RecordId, TableId } from '../api/types'
import type { Cell } from './cells'
import type { PendingEdits } from './pending'
import { PAGE, RowCache } from './rowCache'
import { decidedBy, isWhole, movesRows, type RowQuery } from './rowQuery'
import { type RowPorts, RowReader } from './rowReader'

/** What changed on show: single records, or everything (order, number, names). */
export type RowsEvent = { readonly kind: 'records'; readonly ids: readonly RecordId[] } | { readonly kind: 'all' }

/** A row went out of what was read again; further off its record is looked for only if it is one of so many. */
const LOOKED_FOR = 2

/** Rows that came or went at once, before anything was read again: their places in the query. */
export type ShapeChange = { readonly gone: readonly number[] } | { readonly come: number }

const SETTLE_MS = 60
const REFRESH_MS = 150

/** The rows of one table under one query: pages read as they are needed, kept fresh by changes, edited optimistically. */
export class TableRows {
  readonly table: TableId
  readonly cache = new RowCache()
  /** Why the last reading failed. */
  problem: unknown
  /** Which new records belong to these rows; without it all do. */
  admits: ((cells: Cells) => boolean) | undefined
  /** Told first of rows that come and go. */
  shaped: ((change: ShapeChange) => void) | undefined
  /** Called before rows stand elsewhere by somebody else's hand, so that what is on screen can be kept in its place. */
  shifting: (() => void) | undefined
  /** The records that should stay in view, the most important first. */
  looksAt: (() => readonly RecordId[]) | undefined
  private readonly ports: RowPorts
  private readonly reader: RowReader
  private readonly pending: PendingEdits
  private readonly listeners = new Set<(event: RowsEvent) => void>()
  private readonly flights = new Map<number, AbortController>()
  private rereading: AbortController | undefined
  private readonly drafts = new Set<RecordId>()
  private visible: readonly [number, number] = [0, 0]
  private timer: ReturnType<typeof setTimeout> | undefined
  private refreshTimer: ReturnType<typeof setTimeout> | undefined
  private held = false
  private refreshWanted = false
  private lastLoad = 0

  constructor(table: TableId, query: RowQuery, pending: PendingEdits, ports: RowPorts) {
    this.table = table
    this.pending = pending
    this.ports = ports
    this.reader = new RowReader(table, query, ports)
  }

  get total(): number | undefined {
    return this.cache.total
  }

  /** Whether nothing is on show because reading failed. */
  get unread(): boolean {
    return this.cache.total === undefined && this.problem !== undefined
  }

  get busy(): boolean {
    return (
      this.flights.size > 0 ||
      this.rereading !== undefined ||
      this.timer !== undefined ||
      this.refreshTimer !== undefined
    )
  }

  /** Whether an edited row stays where it was until the focus leaves it. */
  get holding(): boolean {
    return this.held || this.drafts.size > 0
  }

  /** Says that everything may stand elsewhere, though no row was read. */
  rearranged(): void {
    this.tell({ kind: 'all' })
  }

  subscribe(listener: (event: RowsEvent) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  private tell(event: RowsEvent): void {
    for (const listener of this.listeners) listener(event)
  }

  /** The cell on show; undefined while its row is on the way. */
  cell(row: number, field: FieldId): Cell | undefined {
    const id = this.cache.idAt(row)
    return id === undefined ? undefined : this.cellOf(id, field)
  }

  cellOf(id: RecordId, field: FieldId): Cell | undefined {
    const edit = this.pending.get(id, field)
    if (edit) return edit.value
    const cells = this.cache.record(id)
    return cells && (cells[field] ?? null)
  }

  /** All cells of a record as they are on show, own edits on their way included; undefined when it is not here. */
  cellsOf(id: RecordId): Cells | undefined {
    const cells = this.cache.record(id)
    return cells && this.pending.over(id, cells)
  }

  idAt(row: number): RecordId | undefined {
    return this.cache.idAt(row)
  }

  /** Says which rows are on screen; what is missing of them is read. */
  show(from: number, to: number): void {
    this.visible = [from, to]
    this.cache.use(from, to)
    if (this.timer !== undefined) return
    const wait = Math.max(0, SETTLE_MS - (Date.now() - this.lastLoad))
    if (wait === 0) {
      this.load()
      return
    }
    this.timer = setTimeout(() => {
      this.timer = undefined
      this.load()
    }, wait)
  }

  private load(): void {
    this.lastLoad = Date.now()
    const [from, to] = this.visible
    const near = this.cache.missing(Math.max(0, from - PAGE / 4), to + PAGE / 4)
    for (const [page, flight] of this.flights) {
      if (page < Math.floor(from / PAGE) - 1 || page > Math.floor(to / PAGE) + 1) flight.abort()
    }
    for (const page of near) if (!this.flights.has(page)) void this.fetchPage(page)
  }

  /** Where a record stands, whether or not it is here; undefined when it is not among these rows. */
  async placeOf(id: RecordId): Promise<number | undefined> {
    return this.cache.rowOf(id) ?? (await this.reader.placeOf(id))
  }

  /** Whether rows are here as they are now. */
  isHere(from: number, to: number): boolean {
    if (this.cache.missing(from, to).length > 0) return false
    for (let row = from; row <= to; row += 1) {
      const id = this.cache.idAt(row)
      if (id === undefined || this.cache.heldAt(id) !== undefined) return false
    }
    return true
  }

  /** Own edits that the server has taken: they stay on show also where the change came back without its cells. */
  confirm(records: readonly { id: RecordId; cells: Cells }[]): void {
    for (const { id, cells } of records) this.cache.patch(id, cells)
  }

  /** Reads rows that are not on screen, for example to copy them; resolves when all are here. */
  async ensure(from: number, to: number): Promise<void> {
    for (const page of this.cache.missing(from, to)) await this.fetchPage(page)
  }

  private async fetchPage(page: number): Promise<void> {
    const flight = new AbortController()
    this.flights.set(page, flight)
    try {
      const answer = await this.reader.page(page, flight.signal)
      if (!answer) return
      this.problem = undefined
      this.takeIn([answer])
    } catch (error) {
      if (flight.signal.aborted) return
      this.problem = error
      this.ports.failed(error)
      this.tell({ kind: 'all' })
    } finally {
      if (this.flights.get(page) === flight) this.flights.delete(page)
    }
  }

  private takeIn(answers: readonly QueryAnswer[]): void {
    this.shifting?.()
    for (const answer of answers) this.keepPage(answer)
    this.tell({ kind: 'all' })
  }

  private keepPage(answer: QueryAnswer): void {
    this.ports.learned(answer)
    const records = answer.ids.map((_, row) => {
      const cells: Cells = {}
      for (const [column, field] of answer.fields.entries()) cells[field] = answer.columns[column]?.[row] ?? null
      return cells
    })
    this.cache.put(answer.offset, answer.ids, records, answer.total + this.drafts.size)
    // It may know some of them already: what is counted twice is put right once they are made.
    if (this.drafts.size > 0) this.refreshWanted = true
    this.cache.readAt(answer.version, answer.ids)
    for (const change of this.ports.since(answer.version)) {
      const part = change.tables[this.table]
      if (!part) continue
      for (const { id, cells } of part.records ?? []) this.cache.patch(id, cells)
      // Rows that were not attached yet when it was heard did not ask again then.
      if (movesRows(this.reader.query, part)) this.refresh()
    }
  }

  /** Looks at something else; what was on show stays until the first new page is here. */
  setQuery(query: RowQuery): void {
    if (JSON.stringify(query) === JSON.stringify(this.reader.query)) return
    this.reader.query = query
    this.held = false
    this.abort()
    this.cache.clear()
    this.tell({ kind: 'all' })
    this.visible = [0, Math.min(PAGE - 1, this.visible[1] - this.visible[0])]
    this.load()
  }

  /** Takes in a confirmed change; what is on show is complete up to version `shown`. */
  apply(change: Change, own: boolean, shown: number): void {
    const part = change.tables[this.table]
    if (!part) return
    if (part.reload) {
      this.missed(change.version, shown)
      return
    }
    const { records = [], deleted = [], restored = [] } = part
    const touched: RecordId[] = []
    let moved = restored.length > 0
    for (const { id, cells, created, position } of records) {
      if (this.cache.patch(id, cells)) {
        touched.push(id)
        if (position !== undefined && !created) moved = true
      } else if (created) moved = true
      // An own edit is held until the focus leaves its row; one taken back by Ctrl+Z is not, nor one already left.
      if ((!own || !this.held) && decidedBy(this.reader.query, Object.keys(cells))) moved = true
    }
    if (deleted.length > 0) this.shifting?.()
    const gone = this.takeOut(deleted)
    if (gone > 0) this.tell({ kind: 'all' })
    // What was not here may have stood above: only the server knows where the rest stands now.
    if (gone < deleted.length) moved = true
    if (touched.length > 0) this.tell({ kind: 'records', ids: touched })
    if (moved) this.refresh()
  }

  /** Changes after `shown` up to `version` came without their cells: reads again what is on screen. */
  missed(version: number, shown: number): void {
    this.cache.missed(version, shown)
    this.refresh()
  }

  /** An own edit: the row stays where it is until the focus leaves it. */
  edited(records: readonly { id: RecordId; cells: Cells }[]): void {
    if (records.some(({ cells }) => decidedBy(this.reader.query, Object.keys(cells)))) this.held = true
    this.tell({ kind: 'records', ids: records.map(({ id }) => id) })
  }

  touch(ids: readonly RecordId[]): void {
    this.tell({ kind: 'records', ids })
  }

  /** The focus left the edited row: it may now go where it belongs. */
  leaveRow(): void {
    if (!this.held && !this.refreshWanted) return
    this.held = false
    this.refresh()
  }

  /** Puts in rows the server has not made yet, one below the other. */
  insertDrafts(row: number, ids: readonly RecordId[], cells: readonly Cells[]): void {
    const admitted = ids
      .map((id, index) => [id, cells[index] ?? {}] as const)
      .filter(([, one]) => this.admits?.(one) !== false)
    if (admitted.length === 0) return
    for (const [id] of admitted) this.drafts.add(id)
    if (!isWhole(this.reader.query)) this.held = true
    this.cache.insertAll(
      row,
      admitted.map(([id]) => id),
      admitted.map(([, one]) => one),
    )
    for (let index = 0; index < admitted.length; index += 1) this.shaped?.({ come: row + index })
    this.tell({ kind: 'all' })
  }

  /** The server has made rows: they go on by the ids it gave. */
  rename(names: readonly (readonly [from: RecordId, to: RecordId])[]): void {
    const ours = names.filter(([from]) => this.drafts.delete(from))
    if (ours.length === 0) return
    for (const [from, to] of ours) this.cache.rename(from, to)
    this.tell({ kind: 'all' })
    if (this.refreshWanted && this.drafts.size === 0) this.refresh()
  }

  /** Shows a record at another place before the server has moved it; a refresh makes it right. */
  put(row: number, id: RecordId, cells: Cells): void {
    this.takeOut([id])
    this.cache.insert(row, id, cells)
    this.held = true
    this.tell({ kind: 'all' })
  }

  /** As `put`, for records that are here; `goal` says, once they are taken out, from which row on they stand. */
  place(ids: readonly RecordId[], goal: () => number | undefined): void {
    const kept = ids.map((id) => this.cache.record(id)).filter((cells) => cells !== undefined)
    if (kept.length < ids.length) return
    this.takeOut(ids)
    const row = goal() ?? this.cache.total ?? 0
    this.cache.insertAll(row, ids, kept)
    for (const index of ids.keys()) this.shaped?.({ come: row + index })
    this.held = true
    this.tell({ kind: 'all' })
  }

  /** Takes rows off the screen at once: their deletion is on its way, or they were never made. */
  remove(ids: readonly RecordId[]): void {
    for (const id of ids) this.drafts.delete(id)
    if (this.takeOut(ids) > 0) this.tell({ kind: 'all' })
  }

  private takeOut(ids: readonly RecordId[]): number {
    const gone = ids.flatMap((id) => this.cache.rowOf(id) ?? [])
    const count = this.cache.remove(new Set(ids))
    if (gone.length > 0) this.shaped?.({ gone })
    return count
  }

  /** Reads again what is on screen, keeping it on show meanwhile. */
  refresh(): void {
    if (this.held || this.drafts.size > 0) {
      this.refreshWanted = true
      return
    }
    this.refreshWanted = false
    if (this.refreshTimer !== undefined) return
    this.refreshTimer = setTimeout(() => {
      this.refreshTimer = undefined
      void this.reread()
    }, REFRESH_MS)
  }

  private abort(): void {
    for (const flight of this.flights.values()) flight.abort()
    this.flights.clear()
    this.rereading?.abort()
    this.rereading = undefined
  }

  /**
   * Reads what is on screen anew and shows it at once, not page by page. When so many rows came or went above that
   * what was on screen stands further off, it is read there.
   */
  private async reread(): Promise<void> {
    this.abort()
    const flight = new AbortController()
    this.rereading = flight
    const [from, to] = this.visible
    try {
      let answers = await this.reader.near(from, to, flight.signal)
      const by = await this.wentBy(answers)
      if (by !== 0) answers = [...answers, ...(await this.reader.near(from + by, to + by, flight.signal))]
      if (this.rereading !== flight) return
      this.rereading = undefined
      if (this.holding) {
        this.refreshWanted = true
        return
      }
      this.problem = undefined
      if (answers.some((answer) => this.reader.outdated(answer))) {
        this.refresh()
        return
      }
      this.cache.stale()
      this.takeIn(answers)
      this.load()
    } catch (error) {
      if (this.rereading !== flight) return
      this.rereading = undefined
      this.problem = error
      this.ports.failed(error)
      this.tell({ kind: 'all' })
    }
  }

  /** By how many rows the records on screen went, when they went out of what was read; else 0. */
  private async wentBy(answers: readonly QueryAnswer[]): Promise<number> {
    const wanted = this.looksAt?.() ?? []
    const read = new Set(answers.flatMap(({ ids }) => ids))
    if (wanted.some((id) => read.has(id))) return 0
    for (const id of wanted.slice(0, LOOKED_FOR)) {
      const [before, now] = [this.cache.rowOf(id), await this.reader.placeOf(id)]
      if (before !== undefined && now !== undefined) return now - before
    }
    return 0
  }

  close(): void {
    clearTimeout(this.timer)
    clearTimeout(this.refreshTimer)
    this.timer = undefined
    this.refreshTimer = undefined
    this.abort()
    this.listeners.clear()
  }
}
