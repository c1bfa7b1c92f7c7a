import { ApiError, newIdempotencyKey } from '../api/client'
import type { ChangeAnswer, ChangeRequest, Op, Problem, RecordId } from '../api/types'
import type { Draft, DraftBox } from './drafts'
import { type CellPlace, needsRealIds, withoutCells, withRealIds } from './ops'
import { OwnWrites } from './ownWrites'

/** One change set on its way to the server. */
export interface Outgoing {
  readonly seq: number
  readonly key: string
  /** When it was made, in milliseconds; later sets have later times. */
  readonly at: number
  /** Version the edits were made on, raised by own edits before it. */
  base: number
  /** What it does, with the real ids as far as they are known. */
  ops: Op[]
  readonly temporary: RecordId[][]
  /** It was on its way: from then on it stays as it is, for the server may know it under its key. */
  sent: boolean
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
  private readonly own = new OwnWrites()
  private readonly ports: QueuePorts
  private readonly events: QueueEvents
  private readonly drafts: DraftBox
  private seq = 0
  private running = false
  private held = false
  /** How many were taken over while held: they stand before what was made here. */
  private older = 0
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
    const busy = this.running || (this.held && this.line.length > 0)
    return busy && !this.offline && !this.conflict
  }

  /** Sends nothing until `release`: older edits may have to go first. */
  hold(): void {
    this.held = true
  }

  release(): void {
    this.held = false
    void this.run()
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
    const at = Date.now() + this.seq / 1000
    const set: Outgoing = { seq: this.seq, key: newIdempotencyKey(), at, base, ops, temporary, sent: false, done: {} }
    this.bringUpToDate(set)
    this.keep(set)
    this.push(set)
    return set
  }

  /** Takes over what a closed window could not send, with its keys, so that nothing arrives twice. */
  resend(draft: Draft): Outgoing {
    this.seq += 1
    const { key, at, base, ops, temporary, sent = false } = draft
    const set: Outgoing = { seq: this.seq, key, at, base, ops, temporary, sent, done: {} }
    if (!this.held) this.push(set)
    else {
      this.line.splice(this.older, 0, set)
      this.older += 1
      this.tell()
    }
    return set
  }

  /** Undoes an earlier change set once it is through. */
  undo(of: Done, force = false): Outgoing {
    this.seq += 1
    const set: Outgoing = {
      seq: this.seq,
      key: newIdempotencyKey(),
      at: Date.now(),
      base: 0,
      ops: [],
      temporary: [],
      sent: false,
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
  resolve(theirs: readonly CellPlace[]): Outgoing | undefined {
    const { conflict } = this
    if (!conflict) return undefined
    this.conflict = undefined
    this.replaceFirst(conflict, theirs)
    this.tell()
    void this.run()
    return conflict.set
  }

  /** Puts what is left of a set in conflict in its place, on top of the version it was compared with. */
  private replaceFirst({ set, problem }: Conflict, theirs: readonly CellPlace[]): void {
    this.line.shift()
    this.drafts.forget(set.key)
    const ops = withoutCells(set.ops, theirs)
    if (ops.length === 0) return
    const again: Outgoing = { ...set, key: newIdempotencyKey(), ops, base: problem.version ?? set.base, sent: false }
    this.line.unshift(again)
    this.keep(again)
  }

  private keep({ key, at, base, ops, temporary }: Outgoing): void {
    this.drafts.keep({ key, at, base, ops, temporary })
  }

  /** Puts a set that was not sent yet on top of own edits confirmed meanwhile; true when that changed it. */
  private bringUpToDate(set: Outgoing): boolean {
    const ops = this.real.size > 0 && needsRealIds(set.ops) ? withRealIds(set.ops, this.real) : set.ops
    const base = this.own.baseFor(ops, set.base)
    const changed = ops !== set.ops || base !== set.base
    set.ops = ops
    set.base = base
    return changed
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
    if (this.running || this.held) return
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
    if (!set.sent) this.drafts.sent(set.key)
    set.sent = true
    // Exactly what the draft says: a repeated key with another request would be refused.
    return await this.ports.change({ ops: set.ops, base_version: set.base }, set.key)
  }

  private acknowledge(set: Outgoing, answer: ChangeAnswer): void {
    set.done.version = answer.version
    for (const [op, ids] of (answer.created ?? []).entries()) {
      for (const [index, id] of ids.entries()) {
        const old = set.temporary[op]?.[index]
        if (old) this.real.set(old, id)
      }
    }
    const undone = set.undo?.of.version
    if (undone === undefined) this.own.wrote(set.ops, set.base, answer)
    else if (!set.undo?.force) this.own.undid(undone, answer)
    this.leave(set)
    for (const waiting of this.line)
      if (!waiting.undo && !waiting.sent && this.bringUpToDate(waiting)) this.keep(waiting)
    this.events.acknowledged(set, answer)
  }

  private leave(set: Outgoing): void {
    this.failures = 0
    this.line.splice(this.line.indexOf(set), 1)
    this.drafts.forget(set.key)
  }

  /** Asks the person about cells that others changed; with own edits only, the set goes on top of them at once. */
  private meet(set: Outgoing, problem: Problem): void {
    const conflicts = this.own.withOthers(problem)
    if (conflicts.length === 0 && problem.conflicts?.length) this.replaceFirst({ set, problem }, [])
    else this.conflict = { set, problem: { ...problem, conflicts } }
    this.tell()
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
      this.meet(set, problem.body)
      return false
    }
    this.offline = false
    this.leave(set)
    this.events.refused(set, error)
    return false
  }
}
