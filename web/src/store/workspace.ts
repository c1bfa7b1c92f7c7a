import { ApiError, api, newIdempotencyKey } from '../api/client'
import { functionsKey, pluginsKey, queryClient, tablesKey } from '../api/queries'
import type { Cells, Change, ChangeAnswer, Op, QueryAnswer, RecordAnswer, RecordId, TableId } from '../api/types'
import type { Here } from '../presence/here'
import { setSaveState } from '../shell/saveState'
import { type Draft, DraftBox, localStorageOrNone } from './drafts'
import { HeldRecord } from './heldRecord'
import { Incoming } from './incoming'
import { takeLeftBehind } from './leftBehind'
import { type CellPlace, temporaryId, updatedCells } from './ops'
import { PendingEdits } from './pending'
import { sayRefused, sayTooOld } from './refusal'
import type { RowQuery } from './rowQuery'
import { type Conflict, type Done, type Outgoing, type QueueState, SaveQueue } from './saveQueue'
import { TableRows } from './tableRows'
import { UndoStack } from './undo'
import { locksOrNone, OpenWindows } from './windows'

type Listener = () => void

/** Everything of the grid that lives outside React: rows, names, the line of unsaved edits, undo, the live channel. */
export class Workspace {
  readonly pending = new PendingEdits()
  readonly names = new Map<RecordId, string>()
  readonly undoStack = new UndoStack()
  readonly queue: SaveQueue
  conflict: Conflict | undefined
  /** Whether the conflict dialog is open; the person may look at the rows first. */
  conflictShown = false
  /** Grows with every notice to subscribers, for React's useSyncExternalStore. */
  revision = 0
  private readonly incoming: Incoming
  private readonly drafts: DraftBox
  private readonly windows: OpenWindows
  private readonly tables = new Set<TableRows>()
  private readonly records = new Set<HeldRecord>()
  private readonly listeners = new Set<Listener>()
  private readonly changeListeners = new Set<(change: Change) => void>()
  private readonly answers = new Map<number, (answer: ChangeAnswer | undefined) => void>()
  private wake: (() => void) | undefined
  private listening = false

  constructor(user: string) {
    this.windows = new OpenWindows(newIdempotencyKey(), locksOrNone())
    this.drafts = new DraftBox(user, localStorageOrNone(), this.windows.id)
    this.queue = new SaveQueue(
      {
        change: (body, key) => api.post<ChangeAnswer>('/api/changes', body, { idempotencyKey: key }),
        undo: (version, force, key) =>
          api.post<ChangeAnswer>(`/api/changes/${version}/undo`, undefined, {
            idempotencyKey: key,
            query: { force: force || undefined },
          }),
        pause: (ms) => this.pause(ms),
      },
      {
        acknowledged: (set, answer) => this.acknowledged(set, answer),
        refused: (set, error) => this.refused(set, error),
        changed: (state) => this.queueChanged(state),
      },
      this.drafts,
    )
    this.incoming = new Incoming({
      busy: () => this.queue.sending,
      taken: (change, own) => this.takeIn(change, own),
      startOver: (version) => this.startOver(version),
      connected: () => this.wake?.(),
      switched: () => this.pluginsSwitched(),
    })
  }

  /** Starts from the version the tables were read at: sends what a closed window left behind, then listens. */
  start(version: number): void {
    this.incoming.track.start(version)
    void takeLeftBehind({
      drafts: this.drafts,
      windows: this.windows,
      queue: this.queue,
      take: (draft) => this.take(draft),
      tooOld: (drafts) => this.sayTooOld(drafts),
    })
    this.listen()
  }

  /** Hears what others change, from where it left off. */
  listen(): void {
    if (this.listening) return
    this.listening = true
    this.incoming.open()
    window.addEventListener('online', this.online)
    window.addEventListener('offline', this.offline)
    window.addEventListener('beforeunload', this.leaving)
  }

  private take(draft: Draft): void {
    const set = this.queue.resend(draft)
    for (const { id, cells } of updatedCells(draft.ops)) {
      // What was typed meanwhile in this window is newer.
      const free = Object.entries(cells).filter(([field]) => !this.pending.get(id, field))
      this.pending.put(id, Object.fromEntries(free), set.seq)
    }
    for (const rows of this.tables) rows.touch(updatedCells(draft.ops).map(({ id }) => id))
  }

  private sayTooOld(old: readonly Draft[]): void {
    sayTooOld(old, () => {
      for (const { ops, base, temporary } of old) this.send(ops, 'Old edits', temporary, base)
    })
  }

  /** Hears nothing more until `listen`; what is on show and what is not sent yet stay. */
  stop(): void {
    this.listening = false
    this.incoming.close()
    window.removeEventListener('online', this.online)
    window.removeEventListener('offline', this.offline)
    window.removeEventListener('beforeunload', this.leaving)
  }

  private readonly online = (): void => {
    this.wake?.()
    this.incoming.live.renew()
  }

  private readonly offline = (): void => this.incoming.live.renew()

  private readonly leaving = (event: BeforeUnloadEvent): void => {
    if (this.queue.state.kind === 'conflict') event.preventDefault()
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  /** Tells the others where this window's person is. */
  get here(): Here {
    return this.incoming.here
  }

  /** The newest version this window made in a table; what was read before it is older than what is on show. */
  ownUpTo(table: TableId): number {
    return this.incoming.track.ownUpTo(table)
  }

  subscribe(listener: Listener): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  private tell(): void {
    this.revision += 1
    for (const listener of this.listeners) listener()
  }

  onChange(listener: (change: Change) => void): () => void {
    this.changeListeners.add(listener)
    return () => this.changeListeners.delete(listener)
  }

  /** The rows of a table; `attach` them while they are on show. */
  openRows(table: TableId, query: RowQuery): TableRows {
    const rows = new TableRows(table, query, this.pending, {
      query: (of, request, signal) => api.post<QueryAnswer>(`/api/tables/${of}/query`, request, { signal }),
      place: async (of, { filter, groups = [], sorts, search }, record) => {
        if (search !== '') return undefined
        const asked = { filter, groups, sorts, record }
        return (await api.post<{ rows: number[] }>(`/api/tables/${of}/find`, asked)).rows[0]
      },
      since: (version) => this.incoming.track.since(version),
      ownUpTo: () => this.ownUpTo(table),
      learned: (answer) => this.learn(answer.names),
      failed: (error) => {
        if (!(error instanceof ApiError && error.temporary)) return
        setTimeout(() => rows.refresh(), 3000)
      },
    })
    return rows
  }

  /** One record by itself, kept fresh until it is closed with `leaveRecord`. */
  holdRecord(table: TableId, id: RecordId, changed: () => void): HeldRecord {
    const ports = {
      read: (of: TableId, real: RecordId, signal: AbortSignal) =>
        api.get<RecordAnswer>(`/api/tables/${of}/records/${real}`, { signal }),
      since: (version: number) => this.incoming.track.since(version),
      learned: (answer: RecordAnswer) => this.learn(answer.names),
    }
    const record = new HeldRecord(table, this.queue.realId(id), ports, changed)
    this.records.add(record)
    return record
  }

  leaveRecord(record: HeldRecord): void {
    record.close()
    this.records.delete(record)
  }

  attach(rows: TableRows): () => void {
    this.tables.add(rows)
    return () => {
      rows.close()
      this.tables.delete(rows)
    }
  }

  learn(names: Record<RecordId, string>): void {
    for (const [id, name] of Object.entries(names)) this.names.set(id, name)
  }

  /** Sends operations, made on version `base`, as one change set and shows their cells at once. */
  send(ops: Op[], label: string, temporary: RecordId[][] = [], base = this.baseFor(ops)): Outgoing {
    const cells = updatedCells(ops)
    for (const record of cells) this.pending.put(record.id, record.cells, this.queue.nextSeq)
    for (const rows of this.tables) rows.edited(cells)
    const set = this.queue.add(ops, base, temporary)
    this.undoStack.did({ done: set.done, label })
    this.tell()
    return set
  }

  /** The version the edited records were shown at: older than the newest change while they wait to be read again. */
  private baseFor(ops: readonly Op[]): number {
    let base = this.incoming.track.applied
    for (const { id } of updatedCells(ops)) {
      for (const { cache } of this.tables) base = Math.min(base, cache.heldAt(id) ?? base)
      for (const record of this.records) if (record.id === id) base = Math.min(base, record.heldAt ?? base)
    }
    return base
  }

  /** As `send`, and resolves with the server's answer, or undefined when it was refused. */
  sendAndWait(ops: Op[], label: string): Promise<ChangeAnswer | undefined> {
    const set = this.send(ops, label)
    return new Promise((resolve) => this.answers.set(set.seq, resolve))
  }

  /** Adds records; they are on show at once, at `row` of those rows that hold the table. */
  create(
    table: TableId,
    cells: Cells[],
    place: { row: number; before?: RecordId },
    label: string,
    ops: Op[] = [],
  ): RecordId[] {
    const ids = cells.map(() => temporaryId())
    for (const rows of this.tables) {
      if (rows.table === table) rows.insertDrafts(place.row, ids, cells)
    }
    const records = cells.map((one) => ({ cells: one }))
    this.send([...ops, { op: 'create', table, records, ...(place.before ? { before: place.before } : {}) }], label, [
      ids,
    ])
    return ids
  }

  delete(table: TableId, ids: RecordId[], label: string): Done {
    for (const rows of this.tables) if (rows.table === table) rows.remove(ids)
    return this.send([{ op: 'delete', table, ids }], label).done
  }

  undo(): string | undefined {
    const step = this.undoStack.undo((one) => this.queue.undo(one.done).done)
    this.tell()
    return step?.label
  }

  redo(): string | undefined {
    const step = this.undoStack.redo((one) => this.queue.undo(one.done).done)
    this.tell()
    return step?.label
  }

  /** Undoes one given change set, as the button of a toast does. */
  undoOne(done: Done): void {
    this.undoStack.forget(done)
    const undone = this.queue.undo(done).done
    this.undoStack.did({ done: undone, label: 'Undo' })
    this.tell()
  }

  /** Makes a change set that was sent past the line of edits one that Ctrl+Z takes back. */
  did(version: number, label: string): Done {
    const done: Done = { version }
    this.undoStack.did({ done, label })
    this.tell()
    return done
  }

  showConflict(shown: boolean): void {
    this.conflictShown = shown
    this.tell()
  }

  /** Sends operations that Ctrl+Z leaves alone, such as the width of a column. */
  sendQuietly(ops: Op[]): Promise<ChangeAnswer | undefined> {
    const { seq } = this.queue.add(ops, this.incoming.track.applied)
    return new Promise((resolve) => this.answers.set(seq, resolve))
  }

  resolveConflict(theirs: readonly CellPlace[]): void {
    const { conflict } = this
    if (!conflict) return
    this.pending.drop(
      conflict.set.seq,
      theirs.map(({ record, field }) => [record, field] as const),
    )
    this.queue.resolve(theirs)
    for (const rows of this.tables) rows.touch(theirs.map(({ record }) => record))
    this.tell()
  }

  /** Resolves when nothing is on its way: no edit unsent, no page being read. Rejects after 20 s, saying what is left. */
  async settled(): Promise<void> {
    const busy = (): boolean => this.queue.sending || [...this.tables].some((rows) => rows.busy)
    const until = Date.now() + 20_000
    while (busy()) {
      if (Date.now() > until) throw new Error(`Not settled: ${this.queue.state.kind}, ${this.queue.sending}`)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }

  private acknowledged(set: Outgoing, answer: ChangeAnswer): void {
    const names = answer.created.flatMap((ids, op) =>
      ids.flatMap((id, index) => {
        const old = set.temporary[op]?.[index]
        return old ? [[old, id] as const] : []
      }),
    )
    for (const [old, id] of names) this.pending.rename(old, id)
    for (const rows of this.tables) rows.rename(names)
    const edited = updatedCells(set.ops).map(({ id, cells }) => ({ id: this.queue.realId(id), cells }))
    for (const rows of this.tables) rows.confirm(edited)
    this.pending.settle(set.seq)
    this.incoming.track.own(answer.change)
    for (const rows of this.tables) rows.touch(edited.map(({ id }) => id))
    this.incoming.flush()
    this.answers.get(set.seq)?.(answer)
    this.answers.delete(set.seq)
    this.tell()
  }

  private refused(set: Outgoing, error: unknown): void {
    this.undoStack.forget(set.done)
    const touched = this.pending.settle(set.seq)
    for (const rows of this.tables) {
      rows.remove(set.temporary.flat())
      rows.touch(touched)
      if (set.ops.some((op) => op.op === 'delete' || op.op === 'restore' || op.op === 'move')) rows.refresh()
    }
    this.incoming.flush()
    this.answers.get(set.seq)?.(undefined)
    this.answers.delete(set.seq)
    sayRefused(set, error, {
      undoAnyway: (of) => void this.queue.undo(of, true),
      again: (ops, base) => void this.send(ops, 'Try again', [], base),
    })
    this.tell()
  }

  private queueChanged(state: QueueState): void {
    const conflict = state.kind === 'conflict' ? state.conflict : undefined
    if (conflict !== this.conflict) this.conflictShown = conflict !== undefined
    this.conflict = conflict
    const pending = state.kind === 'saved' ? 0 : state.pending
    setSaveState({ kind: state.kind, pending, ...(conflict ? { open: () => this.showConflict(true) } : {}) })
    if (!this.queue.sending) this.incoming.flush()
    this.tell()
  }

  private takeIn(change: Change, own: boolean): void {
    this.learn(change.names)
    for (const rows of this.tables) rows.apply(change, own, this.incoming.track.applied)
    for (const record of this.records) record.apply(change, this.incoming.track.applied)
    // Whether a field is still being computed is told with the tables.
    if (change.schema || change.source === 'recalculation') void queryClient.invalidateQueries({ queryKey: tablesKey })
    for (const listener of this.changeListeners) listener(change)
  }

  private pluginsSwitched(): void {
    for (const queryKey of [pluginsKey, tablesKey, functionsKey]) void queryClient.invalidateQueries({ queryKey })
    for (const rows of this.tables) rows.refresh()
  }

  /** Too much was missed: read everything on screen again. */
  private startOver(version: number): void {
    const shown = this.incoming.track.applied
    for (const held of [...this.tables, ...this.records]) held.missed(version, shown)
    this.incoming.track.start(version)
    void queryClient.invalidateQueries({ queryKey: tablesKey })
  }
}
