import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Change, QueryAnswer } from '../api/types'
import { changeAt } from './changeForTests'
import { PendingEdits } from './pending'
import { PAGE } from './rowCache'
import { TableRows } from './tableRows'

/** A server that answers when it is told to, with the order it has then. */
class Server {
  readonly waiting: (() => void)[] = []
  version = 1
  /** The newest version that this window made. */
  own = 0
  /** What the window heard on the live channel. */
  heard: Change[] = []
  readonly rows: TableRows

  constructor(public order: string[]) {
    this.rows = new TableRows('t', { filter: null, sorts: [], search: '' }, new PendingEdits(), {
      query: (_, { offset = 0 }) =>
        new Promise((resolve) => {
          const answer = this.answer(offset)
          this.waiting.push(() => resolve(answer))
        }),
      since: (version) => this.heard.filter((change) => change.version > version),
      ownUpTo: () => this.own,
      learned: () => undefined,
      failed: (error) => expect.fail(String(error)),
    })
  }

  private answer(offset: number): QueryAnswer {
    const ids = this.order.slice(offset, offset + PAGE)
    const columns = [ids.map(() => null)]
    return {
      version: this.version,
      total: this.order.length,
      offset,
      fields: ['f'],
      ids,
      columns,
      names: {},
      next: null,
    }
  }

  /** Everything asked so far is answered. */
  async answered(): Promise<void> {
    for (const resolve of this.waiting.splice(0)) resolve()
    await vi.advanceTimersByTimeAsync(0)
  }

  shown(): (string | undefined)[] {
    return this.order.map((_, row) => this.rows.idAt(row))
  }
}

describe('what is read while the person works', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('does not bring back the order from before a move that has arrived meanwhile', async () => {
    const server = new Server(['a', 'b', 'c'])
    const { rows } = server
    rows.show(0, 10)
    await server.answered()
    rows.refresh()
    await vi.advanceTimersByTimeAsync(200)
    expect(server.waiting).toHaveLength(1)

    rows.place(['c'], () => 0)
    server.order = ['c', 'a', 'b']
    server.version = server.own = 2
    rows.leaveRow()
    await server.answered()
    expect(server.shown()).toEqual(server.order)
    expect(rows.busy).toBe(true)
    await vi.advanceTimersByTimeAsync(200)
    await server.answered()
    expect(server.shown()).toEqual(server.order)
    expect(rows.busy).toBe(false)
  })

  it('reads again what was read before an own change, though nothing is held any more', async () => {
    const server = new Server(['a', 'b', 'c'])
    const { rows } = server
    rows.show(0, 10)
    await server.answered()
    rows.place(['c'], () => 0)
    rows.leaveRow()
    await vi.advanceTimersByTimeAsync(200)
    server.order = ['c', 'a', 'b']
    server.version = server.own = 2
    await server.answered()
    expect(server.shown()).toEqual(server.order)
    await vi.advanceTimersByTimeAsync(200)
    await server.answered()
    expect(server.shown()).toEqual(server.order)
    expect(rows.busy).toBe(false)
  })

  it('asks again for a page that was read before an own change', async () => {
    const server = new Server(Array.from({ length: PAGE + 2 }, (_, row) => `r${row}`))
    const { rows } = server
    rows.show(0, 10)
    await server.answered()
    const page = rows.ensure(PAGE, PAGE + 1)
    server.order = [...server.order.slice(0, PAGE), 'moved', `r${PAGE}`]
    server.version = server.own = 2
    await server.answered()
    expect(server.waiting).toHaveLength(1)
    await server.answered()
    await page
    expect(server.shown().slice(PAGE)).toEqual(['moved', `r${PAGE}`])
  })

  it('counts a new record once, also when an answer holds it before its making was confirmed', async () => {
    const server = new Server(Array.from({ length: PAGE + 1 }, (_, row) => `r${row}`))
    const { rows } = server
    rows.show(0, 10)
    await server.answered()
    server.order = [...server.order, 'new']
    rows.insertDrafts(PAGE + 1, ['draft'], [{}])
    await vi.advanceTimersByTimeAsync(200)
    rows.show(PAGE - 5, PAGE + 1)
    await server.answered()
    rows.rename([['draft', 'new']])
    await vi.advanceTimersByTimeAsync(200)
    await server.answered()
    expect(rows.total).toBe(PAGE + 2)
    expect(server.shown().slice(PAGE)).toEqual([`r${PAGE}`, 'new'])
  })

  it('reads again when a record was made after an answer, heard before the rows were attached', async () => {
    const server = new Server(['a'])
    const { rows } = server
    rows.show(0, 10)
    const made = { records: [{ id: 'b', cells: {}, created: true }] }
    server.heard = [changeAt(2, { t: made })]
    server.order = ['a', 'b']
    server.version = 2
    await server.answered()
    expect(rows.total).toBe(1)
    await vi.advanceTimersByTimeAsync(200)
    await server.answered()
    expect(server.shown()).toEqual(['a', 'b'])
    expect(rows.busy).toBe(false)
  })
})
