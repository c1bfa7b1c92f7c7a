import { describe, expect, it } from 'vitest'
import type { Cell } from '../store/cells'
import { fillDown, fillHandle, stepBy } from './fill'

const table: Cell[][] = [
  [1, 'a', '2026-01-30'],
  [3, 'b', '2026-02-06'],
  [null, 'c', null],
  [9, 'd', null],
]
const read = (col: number, row: number): Cell => table[row]?.[col] ?? null
const series = (_: number, from: Cell, step: number) => stepBy(from, step)

describe('fill down', () => {
  it('copies the top row of the range', () => {
    expect(fillDown({ col: 0, row: 0, cols: 2, rows: 3 }, read)).toEqual([
      { col: 0, row: 1, value: 1 },
      { col: 1, row: 1, value: 'a' },
      { col: 0, row: 2, value: 1 },
      { col: 1, row: 2, value: 'a' },
    ])
  })

  it('takes the row above for a single row, and nothing at the top', () => {
    expect(fillDown({ col: 1, row: 2, cols: 1, rows: 1 }, read)).toEqual([{ col: 1, row: 2, value: 'b' }])
    expect(fillDown({ col: 1, row: 0, cols: 1, rows: 1 }, read)).toEqual([])
  })
})

describe('fill handle', () => {
  it('goes on with numbers and dates in their step, also upwards', () => {
    const down = fillHandle({ col: 0, row: 0, cols: 1, rows: 2 }, { col: 0, row: 0, cols: 1, rows: 4 }, read, series)
    expect(down.map((one) => one.value)).toEqual([5, 7])
    const dates = fillHandle({ col: 2, row: 0, cols: 1, rows: 2 }, { col: 2, row: 0, cols: 1, rows: 4 }, read, series)
    expect(dates.map((one) => one.value)).toEqual(['2026-02-13', '2026-02-20'])
    const up = fillHandle({ col: 0, row: 0, cols: 1, rows: 2 }, { col: 0, row: -1, cols: 1, rows: 3 }, read, series)
    expect(up.map((one) => one.value)).toEqual([-1])
  })

  it('repeats everything else, and single cells', () => {
    const words = fillHandle({ col: 1, row: 0, cols: 1, rows: 2 }, { col: 1, row: 0, cols: 1, rows: 5 }, read, series)
    expect(words.map((one) => one.value)).toEqual(['a', 'b', 'a'])
    const single = fillHandle({ col: 0, row: 1, cols: 1, rows: 1 }, { col: 0, row: 1, cols: 1, rows: 3 }, read, series)
    expect(single.map((one) => one.value)).toEqual([3, 3])
  })
})
