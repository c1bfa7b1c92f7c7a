import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { QueryAnswer } from '../api/types'
import { PendingEdits } from './pending'
import { TableRows } from './tableRows'

function answer(...ids: string[]): QueryAnswer {
  const columns = [ids.map(() => null)]
  return { version: 1, total: ids.length, offset: 0, fields: ['f'], ids, columns, names: {}, next: null }
}

describe('what is read while the person works', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('does not bring back the order from before a move that has arrived meanwhile', async () => {
    const asked: ((answer: QueryAnswer) => void)[] = []
    const rows = new TableRows('t', { filter: null, sorts: [], search: '' }, new PendingEdits(), {
      query: () => new Promise((resolve) => asked.push(resolve)),
      since: () => [],
      learned: () => undefined,
      failed: (error) => expect.fail(String(error)),
    })
    const shown = () => [0, 1, 2].map((row) => rows.idAt(row))
    const resolve = async (at: number, ...ids: string[]) => {
      asked[at]?.(answer(...ids))
      await vi.advanceTimersByTimeAsync(0)
    }
    rows.show(0, 10)
    await resolve(0, 'a', 'b', 'c')
    rows.refresh()
    await vi.advanceTimersByTimeAsync(200)
    expect(asked).toHaveLength(2)

    rows.place(['c'], () => 0)
    expect(shown()).toEqual(['c', 'a', 'b'])
    rows.leaveRow()
    await resolve(1, 'a', 'b', 'c')
    expect(shown()).toEqual(['c', 'a', 'b'])
    expect(rows.busy).toBe(true)
    await vi.advanceTimersByTimeAsync(200)
    await resolve(2, 'c', 'a', 'b')
    expect(shown()).toEqual(['c', 'a', 'b'])
    expect(rows.busy).toBe(false)
  })
})
