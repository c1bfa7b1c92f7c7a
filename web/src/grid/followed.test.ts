import { describe, expect, it } from 'vitest'
import { followed, hold, type Rows } from './followed'
import { atCell, NOTHING, type Selection } from './selection'

const rowsOf = (ids: readonly string[], gone: readonly string[] = []): Rows => ({
  total: ids.length,
  rowOf: (id) => (ids.includes(id) ? ids.indexOf(id) : undefined),
  idAt: (row) => ids[row],
  has: (id) => !gone.includes(id),
})
const before = rowsOf([...'abcdefgh'])
const range = (col: number, row: number, cols: number, rows: number): Selection => ({
  ...NOTHING,
  cell: [col, row],
  range: { col, row, cols, rows },
})

describe('a selection among rows that move', () => {
  it('goes with its record, up and down', () => {
    const held = hold(atCell(2, 3), before)
    expect(followed(held, rowsOf([...'xyabcdefgh'])).cell).toEqual([2, 5])
    expect(followed(held, rowsOf([...'cdefgh'])).cell).toEqual([2, 1])
    expect(followed(held, rowsOf([...'hgfedcba']))).toMatchObject({ cell: [2, 4], range: { row: 4, rows: 1 } })
  })

  it('stays in its place when its record is not there any more', () => {
    expect(followed(hold(atCell(2, 3), before), rowsOf([...'abcefgh'])).cell).toEqual([2, 3])
  })

  it('never takes in a record that it did not hold', () => {
    const held = hold(range(0, 2, 2, 4), before) // c d e f
    expect(followed(held, rowsOf([...'abcdXefgh'])).range).toMatchObject({ row: 2, rows: 2 })
    expect(followed(held, rowsOf([...'Xabcdefgh'])).range).toMatchObject({ row: 3, rows: 4 })
    expect(followed(held, rowsOf([...'abcdfgh'])).range).toMatchObject({ row: 2, rows: 3 })
    expect(followed(held, rowsOf([...'abdefghc'])).range).toMatchObject({ row: 7, rows: 1 })
  })

  it('stays whole when records made here get their real ids', () => {
    const held = hold(range(0, 2, 1, 3), before) // c d e
    const renamed = rowsOf([...'abcDEfgh'])
    const real = (id: string) => (id === 'd' || id === 'e' ? id.toUpperCase() : id)
    expect(followed(held, { ...renamed, rowOf: (id) => renamed.rowOf(real(id)) }).range).toMatchObject({
      row: 2,
      rows: 3,
    })
  })

  it('keeps ticks on their records and drops those of deleted ones', () => {
    const held = hold(
      {
        ...NOTHING,
        rows: [
          [1, 3],
          [6, 7],
        ],
      },
      before,
    ) // b c g
    expect(followed(held, rowsOf([...'Xabcdefgh'])).rows).toEqual([
      [2, 4],
      [7, 8],
    ])
    expect(followed(held, rowsOf([...'acdefgh'], ['b'])).rows).toEqual([
      [1, 2],
      [5, 6],
    ])
    expect(followed(held, rowsOf([...'gbcadefh'])).rows).toEqual([[0, 3]])
  })

  it('leaves all rows ticked when all were', () => {
    const held = hold({ ...NOTHING, rows: [[0, 8]] }, before)
    expect(followed(held, rowsOf([...'abcdefghij'])).rows).toEqual([[0, 10]])
  })

  it('moves large selections as a whole when their records are not here', () => {
    const sparse: Rows = { ...rowsOf([]), total: 100_000, idAt: (row) => (row === 5 ? 'a' : undefined) }
    const held = hold(range(0, 5, 1, 90_000), sparse)
    const later: Rows = { ...sparse, rowOf: (id) => (id === 'a' ? 8 : undefined) }
    expect(followed(held, later).range).toEqual({ col: 0, row: 8, cols: 1, rows: 90_000 })
  })

  it('holds only its own records after any change of rows', () => {
    let seed = 7
    const random = (below: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
      return Math.floor((seed / 2_147_483_648) * below)
    }
    for (let round = 0; round < 500; round += 1) {
      let ids = Array.from({ length: 12 }, (_, index) => `r${index}`)
      const [row, rows] = [random(8), 1 + random(4)]
      const selection = { ...range(0, row, 1, rows), rows: [[row, row + rows]] as const }
      const members = ids.slice(row, row + rows)
      let held = hold(selection, rowsOf(ids))
      const gone: string[] = []
      for (let step = 0; step < 4; step += 1) {
        const at = random(ids.length)
        const kind = random(3)
        if (kind === 0) ids.splice(at, 0, `n${round}-${step}`)
        else if (kind === 1 && ids[at] !== members[0]) gone.push(...ids.splice(at, 1))
        else ids = [...ids.slice(at), ...ids.slice(0, at)]
        const now = rowsOf(ids, gone)
        const next = followed(held, now)
        const { range: shown } = next
        expect(
          ids.slice(shown?.row, (shown?.row ?? 0) + (shown?.rows ?? 0)).filter((id) => !members.includes(id)),
        ).toEqual([])
        expect(ids[next.cell?.[1] ?? -1]).toBe(members[0])
        const ticked = next.rows.flatMap(([from, to]) => ids.slice(from, to))
        expect([...ticked].sort()).toEqual(members.filter((id) => ids.includes(id)).sort())
        held = hold(next, now)
      }
    }
  })
})
