import { expect, it } from 'vitest'
import { movesBetween } from './order'

/** What the server does: one record taken out and put before another. */
function carriedOut(table: readonly string[], ops: ReturnType<typeof movesBetween>): string[] {
  const rows = [...table]
  for (const op of ops) {
    if (op.op !== 'move' || op.before === null) throw new Error('not a move')
    const [id] = op.ids
    rows.splice(rows.indexOf(id as string), 1)
    rows.splice(rows.indexOf(op.before), 0, id as string)
  }
  return rows
}

it('brings chips into any order, and leaves the other records of the table where they are', () => {
  const table = ['x', 'a', 'y', 'b', 'c', 'z', 'd']
  const chips = ['a', 'b', 'c', 'd']
  const orders = chips.flatMap((one) => chips.map((two) => [one, two]))
  for (const [one, two] of orders) {
    const rest = chips.filter((id) => id !== one && id !== two)
    const wanted = [...new Set([one, ...rest, two])] as string[]
    const rows = carriedOut(table, movesBetween('tbl', chips, wanted))
    expect(rows.filter((id) => chips.includes(id))).toEqual(wanted)
    expect(rows.filter((id) => !chips.includes(id))).toEqual(['x', 'y', 'z'])
  }
})

it('moves nothing for what is only added or taken away', () => {
  expect(movesBetween('tbl', ['a', 'b', 'c'], ['a', 'c', 'new'])).toEqual([])
  expect(movesBetween('tbl', ['a', 'b'], ['b', 'new', 'a'])).toEqual([
    { op: 'move', table: 'tbl', ids: ['b'], before: 'a' },
  ])
})
