import { ApiError, newIdempotencyKey } from '../api/client'
import type { CellConflict, ChangeAnswer, ChangeRequest, Op, Problem, RecordId } from '../api/types'
import type { Draft, DraftBox } from './drafts'
import { cellKey, updatedCells, withoutCells, withRealIds } from './ops'

/** One change set on its way to the server. */
export interface Outgoing {
  readonly seq: number
  readonly key: string
  /** Version the edits were made on. */
  readonly base: number
  readonly ops: Op[]
  readonly temporary: RecordId[][]
  /** Undo the version this change set got (or gets: it is sent before). */
  readonly undo?: { readonly of: Done; readonly force: boolean }
  readonly done: Done
}

/** What became of a change set; the version is known once it is acknowledged. */
export interface Done {
  version?: number
}

export interface Conflict {
  readonly set: Outgoing
  readonly problem: Problem
}

export type QueueState =
  | { readonly kind: 'saved' }
  | { readonly kind: 'saving'; readonly pending: number }
  | { readonly kind: 'offline'; readonly pending: number }
  | { readonly kind: 'conflict'; readonly pending: number; readonly conflict: Conflict }

export interface QueuePorts {
  /** Sends operations; rejects with ApiError. */
  change(request: ChangeRequest, key: string): Promise<ChangeAnswer>
  undo(version: number, force: boolean, key: string): Promise<ChangeAnswer>
  /** Resolves after a while, or at once when the connection is back. */
  pause(ms: number): Promise<void>
}

export interface QueueEvents {
  acknowledged(set: Outgoing, answer: ChangeAnswer): void
  refused(set: Outgoing, error: unknown): void
  changed(state: QueueState): void
}

const FIRST_PAUSE = 500
const LONGEST_PAUSE = 20_000
/** A set that makes the server fail this often is given back, so that it does not hold up the rest. */
const MOST_FAILURES = 4

/**
 * Sends change sets one after the other, in the order they were made. A set that cannot be delivered stays first and
 * is repeated with the same key; a conflict stops the line until the person has decided.
 */
export class SaveQueue {
  private readonly line: Outgoing[] = []
  private readonly real = new Map<RecordId, RecordId>()
  /** Cells this window has written, with the version that did it: an own edit is no conflict for the next one. */
  private readonly written = new Map<string, number>()
  private readonly ports: QueuePorts
  private readonly events: QueueEvents
  private readonly drafts: DraftBox
  private seq = 0
  private running = false
  private offline = false
  private failures = 0
  private conflict: Conflict | undefined

  constructor(ports: QueuePorts, events: QueueEvents, drafts: DraftBox) {
    this.ports = ports
    this.events = events
    this.drafts = drafts
  }

  get idle(): boolean {
    return this.line.length === 0
  }

  get sending(): boolean {
    return this.running && !this.offline && !this.conflict
  }

  get state(): QueueState {
    const pending = this.line.length
    if (this.conflict) return { kind: 'conflict', pending, conflict: this.conflict }
    if (pending === 0) return { kind: 'saved' }
    return { kind: this.offline ? 'offline' : 'saving', pending }
  }

  /** The next change set's number, for laying its edits over the rows before it is added. */
  get nextSeq(): number {
    return this.seq + 1
  }

  add(ops: Op[], base: number, temporary: RecordId[][] = []): Outgoing {
    this.seq += 1
    const set: Outgoing = { seq: this.seq, key: newIdempotencyKey(), base, ops, temporary, done: {} }
    this.keep(set)
    this.push(set)
    return set
  }

  /** Takes over what a closed window could not send, with its keys, so that nothing arrives twice. */
  resend(draft: Draft): Outgoing {
    this.seq += 1
    const { key, base, ops, temporary } = draft
    const set: Outgoing = { seq: this.seq, key, base, ops, temporary, done: {} }
    this.push(set)
    return set
  }

  /** Undoes an earlier change set once it is through. */
  undo(of: Done, force = false): Outgoing {
    this.seq += 1
    const set: Outgoing = {
      seq: this.seq,
      key: newIdempotencyKey(),
      base: 0,
      ops: [],
      temporary: [],
      undo: { of, force },
      done: {},
    }
    this.push(set)
    return set
  }

  realId(id: RecordId): RecordId {
    return this.real.get(id) ?? id
  }

  /** The person decided: `theirs` are given up, the rest is sent again on top of the version that was shown. */
  resolve(theirs: readonly CellConflict[]): Outgoing | undefined {
    const { conflict } = this
    if (!conflict) return undefined
    this.conflict = undefined
    this.line.shift()
    this.drafts.forget(conflict.set.key)
    const ops = withoutCells(withRealIds(conflict.set.ops, this.real), theirs)
    if (ops.length > 0) {
      const base = conflict.problem.version ?? conflict.set.base
      const set: Outgoing = { ...conflict.set, key: newIdempotencyKey(), ops, base }
      this.line.unshift(set)
      this.keep(set)
    }
    this.tell()
    void this.run()
    return conflict.set
  }

  private keep({ key, base, ops, temporary }: Outgoing): void {
    this.drafts.keep({ key, base, ops, temporary, at: Date.now() + this.seq / 1000 })
  }

  private push(set: Outgoing): void {
    this.line.push(set)
    this.tell()
    void this.run()
  }

  private tell(): void {
    this.events.changed(this.state)
  }

  private async run(): Promise<void> {
    if (this.running) return
    this.running = true
    try {
      await this.sendAll()
    } finally {
      this.running = false
      this.tell()
    }
  }

  private async sendAll(): Promise<void> {
    let pause = FIRST_PAUSE
    for (let set = this.line[0]; set && !this.conflict; set = this.line[0]) {
      let answer: ChangeAnswer | undefined
      try {
        answer = await this.send(set)
      } catch (error) {
        if (await this.failed(set, error, pause)) pause = Math.min(pause * 2, LONGEST_PAUSE)
        continue
      }
      pause = FIRST_PAUSE
      this.offline = false
      if (answer) this.acknowledge(set, answer)
      else this.leave(set)
    }
  }

  private async send(set: Outgoing): Promise<ChangeAnswer | undefined> {
    if (set.undo) {
      const { version } = set.undo.of
      return version === undefined ? undefined : await this.ports.undo(version, set.undo.force, set.key)
    }
    const ops = withRealIds(set.ops, this.real)
    return await this.ports.change({ ops, base_version: this.baseFor(ops, set.base) }, set.key)
  }

  /** A set made before an own earlier one was confirmed stands on that one's version for the cells both wrote. */
  private baseFor(ops: readonly Op[], base: number): number {
    let newest = base
    for (const { id, cells } of updatedCells(ops)) {
      for (const field of Object.keys(cells)) newest = Math.max(newest, this.written.get(cellKey(id, field)) ?? 0)
    }
    return newest
  }

  private acknowledge(set: Outgoing, answer: ChangeAnswer): void {
    set.done.version = answer.version
    for (const [op, ids] of (answer.created ?? []).entries()) {
      for (const [index, id] of ids.entries()) {
        const old = set.temporary[op]?.[index]
        if (old) this.real.set(old, id)
      }
    }
    for (const { id, cells } of updatedCells(withRealIds(set.ops, this.real))) {
      for (const field of Object.keys(cells)) this.written.set(cellKey(id, field), answer.version)
    }
    if (this.written.size > 20_000) this.written.clear()
    this.leave(set)
    this.events.acknowledged(set, answer)
  }

  private leave(set: Outgoing): void {
    this.failures = 0
    this.line.splice(this.line.indexOf(set), 1)
    this.drafts.forget(set.key)
  }

  /** True when the set stays first in line and is tried again. */
  private async failed(set: Outgoing, error: unknown, pause: number): Promise<boolean> {
    const problem = error instanceof ApiError ? error : undefined
    if (problem?.status === 500) this.failures += 1
    const broken = problem?.status === 500 && this.failures < MOST_FAILURES
    if (problem && (broken || problem.temporary || problem.status === 401 || problem.status === 429)) {
      this.offline = true
      this.tell()
      const asked = (problem.body.retry_after ?? 0) * 1000
      await this.ports.pause(Math.max(pause, asked))
      return true
    }
    if (problem?.code === 'version_conflict' && !set.undo) {
      this.offline = false
      this.conflict = { set, problem: problem.body }
      this.tell()
      return false
    }
    this.offline = false
    this.leave(set)
    this.events.refused(set, error)
    return false
  }
}
