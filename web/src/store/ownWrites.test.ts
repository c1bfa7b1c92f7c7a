import { beforeEach, describe, expect, it } from 'vitest'
import { ApiError } from '../api/client'
import type { CellConflict, ChangeAnswer, ChangeRequest, Op } from '../api/types'
import { DraftBox, isTooOld } from './drafts'
import { updatedCells } from './ops'
import { SaveQueue } from './saveQueue'

const ME = { id: 'usr1', name: 'Me' }
const ADA = { id: 'usr2', name: 'Ada' }
type Author = typeof ME

const update = (cells: Record<string, unknown>, id = 'r1'): Op => ({
  op: 'update',
  table: 't',
  records: [{ id, cells }],
})

/** The server's rule of conflicts: a cell that got another value after the base version is one. */
class Ledger {
  version = 8
  readonly requests: ChangeRequest[] = []
  private readonly last = new Map<string, { version: number; value: unknown; by: Author }>()
  private readonly before = new Map<number, { id: string; cells: Record<string, unknown> }[]>()
  private readonly answers = new Map<string, { body: string; answer: ChangeAnswer }>()

  value(field: string, id = 'r1'): unknown {
    return this.last.get(`${id}/${field}`)?.value
  }

  write(ops: readonly Op[], by: Author): ChangeAnswer {
    this.version += 1
    const records = updatedCells(ops)
    const old = records.map(({ id, cells }) => ({
      id,
      cells: Object.fromEntries(Object.keys(cells).map((field) => [field, this.value(field, id)])),
    }))
    this.before.set(this.version, old)
    const created: string[][] = []
    for (const op of ops) {
      if (op.op !== 'create') continue
      created.push(op.records.map((_, index) => `rec${this.version}_${index}`))
      records.push(
        ...op.records.map(({ cells }, index) => ({ id: `rec${this.version}_${index}`, cells: cells as never })),
      )
    }
    for (const { id, cells } of records) {
      for (const [field, value] of Object.entries(cells))
        this.last.set(`${id}/${field}`, { version: this.version, value, by })
    }
    const tables = { t: { records } }
    const { version } = this
    const change = {
      version,
      at: `at ${version}`,
      actor: by,
      source: '',
      reason: null,
      schema: false,
      tables,
      names: {},
    }
    return { version, created, lost: 0, change }
  }

  apply(request: ChangeRequest, key: string): ChangeAnswer {
    this.requests.push(request)
    const body = JSON.stringify(request)
    const known = this.answers.get(key)
    if (known && known.body !== body) throw new ApiError({ status: 409, code: 'key_reused', detail: '' })
    if (known) return known.answer
    const conflicts = updatedCells(request.ops).flatMap(({ id, cells }) => this.conflicts(id, cells, request))
    if (conflicts.length > 0) {
      throw new ApiError({ status: 409, code: 'version_conflict', detail: '', version: this.version, conflicts })
    }
    const answer = this.write(request.ops, ME)
    this.answers.set(key, { body, answer })
    return answer
  }

  private conflicts(record: string, cells: Record<string, unknown>, request: ChangeRequest): CellConflict[] {
    return Object.entries(cells).flatMap(([field, yours]) => {
      const last = this.last.get(`${record}/${field}`)
      if (!last || last.version <= (request.base_version ?? 0) || last.value === yours) return []
      const { version, value, by } = last
      return [
        {
          table: 't',
          record,
          field,
          yours,
          theirs: value,
          updated_at: `at ${version}`,
          updated_by: by,
        } as CellConflict,
      ]
    })
  }

  undo(version: number): ChangeAnswer {
    return this.write([{ op: 'update', table: 't', records: this.before.get(version) ?? [] }], ME)
  }
}

/** A window: its queue, and a door that can be kept shut (nothing arrives) or swallow answers. */
function windowOn(ledger: Ledger) {
  const refused: unknown[] = []
  const door = { shut: false, swallow: false }
  const drafts = new DraftBox('usr1', localStorage)
  const offline = new ApiError({ status: 0, code: 'offline', detail: '' })
  const queue = new SaveQueue(
    {
      change: async (request, key) => {
        if (door.shut) throw offline
        const answer = ledger.apply(structuredClone(request), key)
        if (door.swallow) throw offline
        return answer
      },
      undo: async (version) => ledger.undo(version),
      // A window without a connection waits for good, as one that was closed.
      pause: () => (door.shut || door.swallow ? new Promise(() => {}) : Promise.resolve()),
    },
    { acknowledged: () => {}, refused: (_, error) => refused.push(error), changed: () => {} },
    drafts,
  )
  return { queue, refused, door, drafts }
}

const quiet = () => new Promise((resolve) => setTimeout(resolve, 5))
const shown = (queue: SaveQueue) =>
  queue.state.kind === 'conflict' ? queue.state.conflict.problem.conflicts?.map(({ field }) => field) : undefined

beforeEach(() => localStorage.clear())

describe('own edits and those of colleagues', () => {
  it('lets own edits of one cell pass in quick succession', async () => {
    const ledger = new Ledger()
    const { queue } = windowOn(ledger)
    for (const value of [1, 2, 3]) queue.add([update({ a: value })], 8)
    await quiet()
    expect(queue.state.kind).toBe('saved')
    expect(ledger.requests.map((one) => one.base_version)).toEqual([8, 9, 10])
    expect(ledger.value('a')).toBe(3)
  })

  it('never hides an edit of a colleague behind an own one of another cell', async () => {
    const ledger = new Ledger()
    const { queue } = windowOn(ledger)
    ledger.write([update({ b: 'theirs' })], ADA)
    queue.add([update({ a: 1 })], 8)
    queue.add([update({ a: 2, b: 'mine' })], 8)
    await quiet()
    expect(shown(queue)).toEqual(['b'])
    expect(ledger.value('b')).toBe('theirs')
    expect(ledger.value('a')).toBe(1)
    const state = queue.state
    queue.resolve(state.kind === 'conflict' ? (state.conflict.problem.conflicts ?? []) : [])
    await quiet()
    expect([ledger.value('a'), ledger.value('b'), queue.state.kind]).toEqual([2, 'theirs', 'saved'])
  })

  it('asks nobody when a set of several cells meets own edits only', async () => {
    const ledger = new Ledger()
    const { queue, refused } = windowOn(ledger)
    ledger.write([update({ c: 'theirs' })], ADA)
    queue.add([update({ a: 1 })], 8)
    queue.add([update({ a: 2, b: 2 })], 8)
    await quiet()
    expect([ledger.value('a'), ledger.value('b'), queue.state.kind]).toEqual([2, 2, 'saved'])
    expect(ledger.requests).toHaveLength(3)
    expect(refused).toEqual([])
  })

  it('sends a set of several cells once when nobody else wrote meanwhile', async () => {
    const ledger = new Ledger()
    const { queue } = windowOn(ledger)
    queue.add([update({ end: 7 })], 8)
    queue.add([update({ start: 11, end: 14 })], 8)
    await quiet()
    expect(ledger.requests.map((one) => one.base_version)).toEqual([8, 9])
    expect([ledger.value('start'), ledger.value('end')]).toEqual([11, 14])
  })

  it('raises to the lowest of several own edits and stays atomic', async () => {
    const ledger = new Ledger()
    const { queue } = windowOn(ledger)
    queue.add([update({ a: 1 })], 8)
    await quiet()
    ledger.write([update({ c: 'theirs' })], ADA)
    queue.add([update({ b: 1 })], 8)
    queue.add([update({ a: 2, b: 2 })], 8)
    await quiet()
    expect(ledger.requests.map((one) => one.base_version)).toEqual([8, 9, 9, 11])
    expect([ledger.value('a'), ledger.value('b')]).toEqual([2, 2])
  })

  it('sees a colleague who wrote the same cell after the own edit', async () => {
    const ledger = new Ledger()
    const { queue } = windowOn(ledger)
    queue.add([update({ a: 1 })], 8)
    await quiet()
    ledger.write([update({ a: 'theirs' })], ADA)
    queue.add([update({ a: 2 })], 8)
    await quiet()
    expect(shown(queue)).toEqual(['a'])
    expect(ledger.value('a')).toBe('theirs')
  })

  it('does not cover an older edit with an own one made on a newer version', async () => {
    const ledger = new Ledger()
    const { queue } = windowOn(ledger)
    ledger.write([update({ a: 'theirs' })], ADA)
    queue.add([update({ a: 1 })], 9)
    await quiet()
    ledger.write([update({ a: 'theirs again' })], ADA)
    queue.add([update({ a: 2 })], 8)
    await quiet()
    expect(ledger.requests.at(-1)?.base_version).toBe(8)
    expect(shown(queue)).toEqual(['a'])
  })

  it('lets an edit follow an own undo, and the first edits follow an own new record', async () => {
    const ledger = new Ledger()
    const { queue } = windowOn(ledger)
    const first = queue.add([update({ a: 1 })], 8)
    queue.undo(first.done)
    queue.add([update({ a: 2 })], 8)
    queue.add([{ op: 'create', table: 't', records: [{ cells: { a: 'given' } }] }], 8, [['new_1']])
    queue.add([update({ a: 'typed', b: 1 }, 'new_1')], 8)
    await quiet()
    expect(queue.state.kind).toBe('saved')
    expect(ledger.value('a')).toBe(2)
    expect(ledger.value('a', queue.realId('new_1'))).toBe('typed')
    expect(ledger.requests).toHaveLength(4)
  })
})

describe('drafts sent again after a reload', () => {
  it('repeats exactly what was sent when only the answer was lost', async () => {
    const ledger = new Ledger()
    const first = windowOn(ledger)
    first.queue.add([{ op: 'create', table: 't', records: [{ cells: {} }] }], 8, [['new_1']])
    first.queue.add([update({ a: 1 }, 'new_1')], 8)
    first.queue.add([update({ a: 2 }, 'new_1')], 8)
    while (ledger.requests.length < 2) await Promise.resolve()
    first.door.swallow = true
    await quiet()
    const again = windowOn(ledger)
    for (const draft of again.drafts.all()) again.queue.resend(draft)
    await quiet()
    expect(again.refused).toEqual([])
    expect(again.queue.state.kind).toBe('saved')
    expect(ledger.value('a', 'rec9_0')).toBe(2)
    expect(again.drafts.all()).toEqual([])
  })

  it('passes own edits in order and stops at a colleague who came between', async () => {
    const ledger = new Ledger()
    const first = windowOn(ledger)
    first.door.shut = true
    for (const cells of [{ a: 1 }, { a: 2 }, { a: 3, b: 'mine' }]) first.queue.add([update(cells)], 8)
    await quiet()
    ledger.write([update({ b: 'theirs' })], ADA)
    const again = windowOn(ledger)
    for (const draft of again.drafts.all()) again.queue.resend(draft)
    await quiet()
    expect(shown(again.queue)).toEqual(['b'])
    expect([ledger.value('a'), ledger.value('b')]).toEqual([2, 'theirs'])
  })

  it('keeps the order of sets when the first was decided before the reload', async () => {
    const ledger = new Ledger()
    const first = windowOn(ledger)
    ledger.write([update({ a: 'theirs' })], ADA)
    first.queue.add([update({ a: 1 })], 8)
    first.queue.add([update({ c: 1 })], 8)
    await quiet()
    first.door.shut = true
    first.queue.resolve([])
    await quiet()
    expect(first.drafts.all().map((draft) => [draft.base, draft.ops])).toEqual([
      [9, [update({ a: 1 })]],
      [8, [update({ c: 1 })]],
    ])
  })

  it('takes a draft of 29 days for too old, before the server forgets its key', () => {
    const day = 86_400_000
    const draft = { key: 'k', user: 'usr1', base: 8, ops: [], temporary: [], at: 0 }
    expect([28.9, 29, 40].map((days) => isTooOld(draft, days * day))).toEqual([false, true, true])
    expect(isTooOld({ ...draft, at: Number.NaN })).toBe(true)
  })
})
