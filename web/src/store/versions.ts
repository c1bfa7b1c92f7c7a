import type { Change, TableId } from '../api/types'

/** Changes kept for laying over pages that were read before them. */
const KEPT = 200

/**
 * Takes in changes from two sides (answers to own writes, the live channel) and hands each on once and in order.
 * An own answer may run ahead of changes by others that are still under way; those are put in below it.
 */
export class VersionTrack {
  /** All changes up to here were taken in. */
  applied = 0
  /** The newest change this window made in each table. */
  private readonly made = new Map<TableId, number>()
  private readonly ahead = new Map<number, Change>()
  private readonly kept: Change[] = []
  private readonly onChange: (change: Change, own: boolean) => void
  private readonly onGap: (since: number) => void

  constructor(onChange: (change: Change, own: boolean) => void, onGap: (since: number) => void) {
    this.onChange = onChange
    this.onGap = onGap
  }

  /** Starts from what was read at `version`, without changes before it. */
  start(version: number): void {
    for (const [table, own] of this.made) if (own > version) this.made.delete(table)
    if (version <= this.applied) return
    this.applied = version
    this.catchUp()
  }

  /** The answer to an own write: shown at once, even when earlier changes are still missing. */
  own(change: Change): void {
    for (const table of Object.keys(change.tables)) {
      this.made.set(table, Math.max(this.ownUpTo(table), change.version))
    }
    if (change.version <= this.applied || this.ahead.has(change.version)) return
    this.deliver(change, true)
    this.ahead.set(change.version, change)
    this.catchUp()
  }

  /** A change from the live channel or from a catch-up read. */
  heard(change: Change): void {
    if (change.version <= this.applied || this.ahead.has(change.version)) return
    if (change.version > this.applied + 1 && !this.filled(this.applied + 1, change.version)) {
      this.onGap(this.applied)
      return
    }
    this.deliver(change, false)
    this.ahead.set(change.version, change)
    for (const later of this.later(change.version)) this.onChange(later, true)
    this.catchUp()
  }

  private filled(from: number, before: number): boolean {
    for (let version = from; version < before; version += 1) if (!this.ahead.has(version)) return false
    return true
  }

  /** Own changes already shown that are newer: they must win over what was put in below them. */
  private later(version: number): Change[] {
    return [...this.ahead.values()].filter((one) => one.version > version).sort((a, b) => a.version - b.version)
  }

  private deliver(change: Change, own: boolean): void {
    this.kept.push(change)
    if (this.kept.length > KEPT) this.kept.shift()
    this.onChange(change, own)
  }

  private catchUp(): void {
    for (const version of this.ahead.keys()) if (version <= this.applied) this.ahead.delete(version)
    while (this.ahead.has(this.applied + 1)) {
      this.applied += 1
      this.ahead.delete(this.applied)
    }
  }

  /** The newest change this window made in a table: what was read before it would put back what the person did. */
  ownUpTo(table: TableId): number {
    return this.made.get(table) ?? 0
  }

  /** Changes newer than `version`, oldest first, to bring an answer read at `version` up to date. */
  since(version: number): Change[] {
    return this.kept.filter((change) => change.version > version).sort((a, b) => a.version - b.version)
  }
}
