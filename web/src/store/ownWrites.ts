import type { CellConflict, ChangeAnswer, Op, Problem, RecordId } from '../api/types'
import { cellKey, updatedCells } from './ops'

/** Between these versions nobody but this window wrote the cell; `at` and `by` tell its last own write. */
interface Span {
  readonly from: number
  readonly to: number
  readonly at: string
  readonly by: string | undefined
}

/** A server lists this many conflicts at most; a full list may hide others. */
const LISTED = 1000
/** Forgetting a span is safe: at worst the person is asked about an own edit. */
const KEPT = 20_000

/**
 * Which cells this window wrote, between which versions: an own edit is no conflict for the next one, while a
 * colleague's edit in between always is.
 */
export class OwnWrites {
  private readonly spans = new Map<string, Span>()
  /** Versions this window made. */
  private readonly made = new Set<number>()

  /** Notes what an acknowledged change set wrote: from `base`, which the server compared with, up to the answer. */
  wrote(ops: readonly Op[], base: number, answer: ChangeAnswer): void {
    if (this.spans.size > KEPT) this.spans.clear()
    this.note(answer)
    for (const key of cellsOf(ops)) {
      const old = this.spans.get(key)
      this.spans.set(key, span(old && base >= old.from && base <= old.to ? old.from : base, answer))
    }
    // Nobody could write to a record before it was made.
    for (const id of (answer.created ?? []).flat()) this.spans.set(id, span(0, answer))
  }

  /** Notes that `version` was undone, which the server does only where nobody has written since. */
  undid(version: number, answer: ChangeAnswer): void {
    this.note(answer)
    for (const { records = [] } of Object.values(answer.change.tables)) {
      for (const { id, cells } of records) {
        for (const key of Object.keys(cells).map((field) => cellKey(id, field))) {
          const old = this.spans.get(key)
          if (old?.to === version) this.spans.set(key, span(old.from, answer))
        }
      }
    }
  }

  private note({ version }: ChangeAnswer): void {
    if (this.made.size > KEPT) this.made.clear()
    this.made.add(version)
  }

  /**
   * The newest base for these operations that hides nobody else's edit: the lowest of their cells, because the server
   * compares all of them from the same version.
   */
  baseFor(ops: readonly Op[], shown: number): number {
    let base = shown
    while (this.made.has(base + 1)) base += 1
    let lowest: number | undefined
    for (const { id, cells } of updatedCells(ops)) {
      for (const field of Object.keys(cells)) {
        const newest = Math.max(this.upTo(cellKey(id, field), base), this.upTo(id, base))
        if (newest === base) return base
        lowest = Math.min(lowest ?? newest, newest)
      }
    }
    return lowest ?? base
  }

  private upTo(key: string | RecordId, base: number): number {
    const own = this.spans.get(key)
    return own && own.from <= base ? Math.max(own.to, base) : base
  }

  /** The conflicts with others; those with this window's own last write are none. */
  withOthers(problem: Problem): CellConflict[] {
    const conflicts = problem.conflicts ?? []
    if (conflicts.length >= LISTED) return conflicts
    return conflicts.filter(({ record, field, updated_at, updated_by }) => {
      const own = this.spans.get(cellKey(record, field)) ?? this.spans.get(record)
      return !(own && own.at !== '' && own.at === updated_at && own.by === updated_by?.id)
    })
  }
}

function span(from: number, { version, change }: ChangeAnswer): Span {
  return { from, to: version, at: change.at, by: change.actor?.id }
}

function cellsOf(ops: readonly Op[]): string[] {
  return updatedCells(ops).flatMap(({ id, cells }) => Object.keys(cells).map((field) => cellKey(id, field)))
}
