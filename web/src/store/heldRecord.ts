import type { Cells, Change, RecordAnswer, RecordId, TableId } from '../api/types'

export interface RecordPorts {
  read(table: TableId, id: RecordId, signal: AbortSignal): Promise<RecordAnswer>
  /** Changes newer than a version, to bring an older answer up to date. */
  since(version: number): readonly Change[]
  learned(answer: RecordAnswer): void
}

/** One record read by itself, whether or not a grid has it on show, and kept fresh by changes. */
export class HeldRecord {
  readonly table: TableId
  readonly id: RecordId
  answer: RecordAnswer | undefined
  problem: unknown
  /** The version its values are of while they miss a change; undefined when they are up to date. */
  heldAt: number | undefined
  private readonly ports: RecordPorts
  private readonly changed: () => void
  private flight = new AbortController()
  private missedUpTo = 0

  constructor(table: TableId, id: RecordId, ports: RecordPorts, changed: () => void) {
    this.table = table
    this.id = id
    this.ports = ports
    this.changed = changed
    void this.read()
  }

  /** Reads it again; what is here stays on show meanwhile, also when that fails. */
  private async read(): Promise<void> {
    this.flight.abort()
    const flight = new AbortController()
    this.flight = flight
    try {
      const answer = await this.ports.read(this.table, this.id, flight.signal)
      if (flight.signal.aborted) return
      this.ports.learned(answer)
      this.answer = answer
      this.problem = undefined
      this.heldAt = answer.version < this.missedUpTo ? answer.version : undefined
      for (const change of this.ports.since(answer.version)) this.patch(change)
    } catch (error) {
      if (flight.signal.aborted) return
      this.problem = error
    }
    this.changed()
  }

  /** Takes in a confirmed change; what is here is complete up to version `shown`. */
  apply(change: Change, shown: number): void {
    const touched = this.patch(change)
    const part = change.tables[this.table]
    if (part?.reload) this.missed(change.version, shown)
    else if (part?.deleted?.includes(this.id)) void this.read() // it may have been merged into another one
    if (touched) this.changed()
  }

  private patch(change: Change): boolean {
    const part = change.tables[this.table]
    const record = part?.records?.find(({ id }) => id === this.id)
    const gone = part?.deleted?.includes(this.id)
    const back = part?.restored?.includes(this.id)
    if (!this.answer || !(record || gone || back)) return false
    const deleted_at = gone ? change.at : back ? null : this.answer.deleted_at
    this.answer = {
      ...this.answer,
      deleted_at,
      cells: { ...this.answer.cells, ...(record?.cells as Cells | undefined) },
    }
    return true
  }

  /** Changes after `shown` up to `version` came without their cells. */
  missed(version: number, shown: number): void {
    this.missedUpTo = Math.max(this.missedUpTo, version)
    if (this.answer) this.heldAt ??= shown
    void this.read()
  }

  close(): void {
    this.flight.abort()
  }
}
