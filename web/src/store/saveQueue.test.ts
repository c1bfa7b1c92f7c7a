import { beforeEach, describe, expect, it } from 'vitest'
import { ApiError } from '../api/client'
import type { ChangeAnswer, ChangeRequest, Op, Problem } from '../api/types'
import { DraftBox } from './drafts'
import { type Outgoing, type QueueState, SaveQueue } from './saveQueue'

type Send = (request: ChangeRequest, key: string) => ChangeAnswer | Problem

const update = (id: string, cells: Record<string, unknown>): Op => ({
  op: 'update',
  table: 't',
  records: [{ id, cells }],
})

function answer(version: number, created: string[][] = []): ChangeAnswer {
  const change = { version, at: '', actor: null, source: '', reason: null, schema: false, tables: {}, names: {} }
  return { version, created, lost: 0, change }
}

/** A server whose version grows with every write; what it creates is called rec9. */
function counting(step = 1): Send {
  let version = 5
  return ({ ops }) => {
    version += step
    return answer(version, ops[0]?.op === 'create' ? [['rec9']] : [])
  }
}

function setUp(send: Send) {
  const calls: { request: ChangeRequest | number; key: string }[] = []
  const states: QueueState['kind'][] = []
  const done: Outgoing[] = []
  const refused: unknown[] = []
  const drafts = new DraftBox('usr1', localStorage)
  const reply = (result: ChangeAnswer | Problem): ChangeAnswer => {
    if ('code' in result) throw new ApiError(result)
    return result
  }
  const queue = new SaveQueue(
    {
      change: async (request, key) => {
        calls.push({ request, key })
        return reply(send(request, key))
      },
      undo: async (version, _force, key) => {
        calls.push({ request: version, key })
        return reply(send({ ops: [] }, key))
      },
      pause: () => Promise.resolve(),
    },
    {
      acknowledged: (set) => done.push(set),
      refused: (_, error) => refused.push(error),
      changed: (state) => states.push(state.kind),
    },
    drafts,
  )
  return { queue, calls, states, done, refused, drafts }
}

const quiet = () => new Promise((resolve) => setTimeout(resolve, 5))
const requestAt = (calls: { request: ChangeRequest | number }[], index: number) =>
  calls[index]?.request as ChangeRequest

beforeEach(() => localStorage.clear())

describe('save queue', () => {
  it('sends in order and forgets the draft once acknowledged', async () => {
    const { queue, calls, done, drafts } = setUp(counting())
    queue.add([update('r1', { a: 1 })], 5)
    queue.add([update('r2', { a: 2 })], 5)
    expect(drafts.all()).toHaveLength(2)
    await quiet()
    expect(calls.map((call) => JSON.stringify(call.request)).join()).toMatch(/r1.*r2/)
    expect(done.map((set) => set.done.version)).toEqual([6, 7])
    expect(drafts.all()).toEqual([])
    expect(queue.state.kind).toBe('saved')
  })

  it('builds a second edit of a cell on the version of the first, and only then', async () => {
    const { queue, calls } = setUp(counting(3))
    queue.add([update('r1', { a: 1 })], 5)
    queue.add([update('r1', { a: 2 })], 5)
    queue.add([update('r1', { b: 2 })], 5)
    await quiet()
    expect([0, 1, 2].map((index) => requestAt(calls, index).base_version)).toEqual([5, 8, 5])
  })

  it('repeats with the same key until it is through', async () => {
    let failures = 3
    const offline: Problem = { status: 0, code: 'offline', detail: '' }
    const { queue, calls, states, done } = setUp(() => (failures-- > 0 ? offline : answer(6)))
    queue.add([update('r1', { a: 1 })], 5)
    await quiet()
    expect(new Set(calls.map((call) => call.key)).size).toBe(1)
    expect(calls).toHaveLength(4)
    expect(done).toHaveLength(1)
    expect(states).toContain('offline')
    expect(states.at(-1)).toBe('saved')
  })

  it('sends what a closed window left behind with its old key', async () => {
    const first = setUp(() => ({ status: 0, code: 'offline', detail: '' }))
    const box = new DraftBox('usr1', localStorage)
    box.keep({ key: 'k1', base: 3, at: 1, ops: [update('r1', { a: 1 })], temporary: [] })
    expect(new DraftBox('usr2', localStorage).all()).toEqual([])
    expect(first.queue.idle).toBe(true)
    const { queue, calls } = setUp(() => answer(6))
    for (const draft of box.all()) queue.resend(draft)
    await quiet()
    expect(calls.map((call) => call.key)).toEqual(['k1'])
    expect(box.all()).toEqual([])
  })

  it('gives edits of a new record its real id', async () => {
    const { queue, calls } = setUp(counting())
    queue.add([{ op: 'create', table: 't', records: [{ cells: {} }] }], 5, [['new_1']])
    queue.add([update('new_1', { a: 1 }), update('r2', { link: ['new_1'] })], 5)
    await quiet()
    expect(requestAt(calls, 1).ops).toEqual([update('rec9', { a: 1 }), update('r2', { link: ['rec9'] })])
    expect(queue.realId('new_1')).toBe('rec9')
  })

  it('stops at a conflict and goes on with the cells the person keeps', async () => {
    const conflicts = [
      { table: 't', record: 'r1', field: 'a', yours: 1, theirs: 2, updated_at: '', updated_by: null },
      { table: 't', record: 'r1', field: 'b', yours: 1, theirs: 3, updated_at: '', updated_by: null },
    ]
    const problem: Problem = { status: 409, code: 'version_conflict', detail: '', version: 9, conflicts }
    let first = true
    const { queue, calls, states } = setUp(() => {
      const result = first ? problem : answer(10)
      first = false
      return result
    })
    queue.add([update('r1', { a: 1, b: 1 })], 5)
    queue.add([update('r2', { a: 1 })], 5)
    await quiet()
    expect(queue.state.kind).toBe('conflict')
    expect(calls).toHaveLength(1)
    queue.resolve(conflicts.slice(0, 1))
    await quiet()
    expect(requestAt(calls, 1)).toEqual({ ops: [update('r1', { b: 1 })], base_version: 9 })
    expect(calls[1]?.key).not.toBe(calls[0]?.key)
    expect(calls).toHaveLength(3)
    expect(states.at(-1)).toBe('saved')
  })

  it('sends nothing when everything is given up', async () => {
    const conflict = { table: 't', record: 'r1', field: 'a', yours: 1, theirs: 2, updated_at: '', updated_by: null }
    const { queue, calls } = setUp(() => ({
      status: 409,
      code: 'version_conflict',
      detail: '',
      version: 9,
      conflicts: [conflict],
    }))
    queue.add([update('r1', { a: 1 })], 5)
    await quiet()
    queue.resolve([conflict])
    await quiet()
    expect(calls).toHaveLength(1)
    expect(queue.idle).toBe(true)
  })

  it('reports a refusal and goes on with the next', async () => {
    let first = true
    const { queue, refused, done } = setUp(() => {
      const result = first ? { status: 422, code: 'bad_value', detail: 'No.' } : answer(6)
      first = false
      return result
    })
    queue.add([update('r1', { a: 'x' })], 5)
    queue.add([update('r2', { a: 1 })], 5)
    await quiet()
    expect(refused).toHaveLength(1)
    expect(done).toHaveLength(1)
  })

  it('gives up on a set that breaks the server every time', async () => {
    const { queue, refused, calls } = setUp(() => ({ status: 500, code: 'unexpected_answer', detail: '' }))
    queue.add([update('r1', { a: 'x' })], 5)
    await quiet()
    expect(refused).toHaveLength(1)
    expect(calls).toHaveLength(4)
    expect(queue.idle).toBe(true)
  })

  it('undoes a set that was not through yet, after it', async () => {
    const { queue, calls } = setUp(counting())
    const set = queue.add([update('r1', { a: 1 })], 5)
    queue.undo(set.done)
    await quiet()
    expect(calls.map((call) => call.request)).toEqual([{ ops: [update('r1', { a: 1 })], base_version: 5 }, 6])
  })
})
