import { describe, expect, it } from 'vitest'
import type { Cell } from '../store/cells'
import { fillDown, fillHandle } from './fill'
import type { Range } from './selection'
import { seriesOf } from './series'

const table: Cell[][] = [
  [1, 'a', '2026-01-30', 'Fund 1'],
  [3, 'b', '2026-02-06', 'Fund 2'],
  [null, 'c', null, null],
  [9, 'd', null, null],
]
const KINDS = ['number', 'text', 'date', 'text']
const read = (col: number, row: number): Cell => table[row]?.[col] ?? null
const series = (col: number, values: readonly Cell[]) => seriesOf(values, KINDS[col] ?? 'text', 'UTC')
const rowsIn = ({ row, rows }: Range): number[] => Array.from({ length: rows }, (_, at) => row + at)
const at = (col: number, row: number, cols: number, rows: number): Range => ({ col, row, cols, rows })

describe('fill down', () => {
  it('copies the top record of the range', () => {
    expect(fillDown(at(0, 0, 2, 3), [0, 1, 2], undefined, read)).toEqual([
      { col: 0, row: 1, value: 1, from: 0 },
      { col: 1, row: 1, value: 'a', from: 1 },
      { col: 0, row: 2, value: 1, from: 0 },
      { col: 1, row: 2, value: 'a', from: 1 },
    ])
  })

  it('takes the record above for a single one, and nothing at the top', () => {
    expect(fillDown(at(1, 2, 1, 1), [2], 1, read)).toEqual([{ col: 1, row: 2, value: 'b', from: 1 }])
    expect(fillDown(at(1, 0, 1, 1), [0], undefined, read)).toEqual([])
  })

  it('passes over heads of groups', () => {
    expect(fillDown(at(1, 0, 1, 4), [0, 3], undefined, read)).toEqual([{ col: 1, row: 3, value: 'a', from: 1 }])
  })
})

describe('fill handle', () => {
  it('goes on in several columns at once, each in its own way', () => {
    const fills = fillHandle(at(0, 0, 4, 2), at(0, 0, 4, 4), rowsIn, read, series)
    const column = (col: number) => fills.filter((one) => one.col === col).map((one) => one.value)
    expect([0, 1, 2, 3].map(column)).toEqual([
      [5, 7],
      ['a', 'b'],
      ['2026-02-13', '2026-02-20'],
      ['Fund 3', 'Fund 4'],
    ])
  })

  it('goes upwards', () => {
    const up = fillHandle(at(0, 2, 1, 2), at(0, 0, 1, 4), rowsIn, (_, row) => row * 10, series)
    expect(up.map(({ row, value }) => [row, value])).toEqual([
      [0, 0],
      [1, 10],
    ])
    const words = fillHandle(at(1, 1, 1, 2), at(1, -1, 1, 4), rowsIn, read, series)
    expect(words.map((one) => one.value)).toEqual(['b', 'c'])
  })

  it('counts only rows with records', () => {
    const heads = (range: Range) => rowsIn(range).filter((row) => row !== 2)
    const fills = fillHandle(at(0, 0, 1, 2), at(0, 0, 1, 5), heads, read, series)
    expect(fills.map(({ row, value }) => [row, value])).toEqual([
      [3, 5],
      [4, 7],
    ])
  })

  it('repeats to the right and to the left, and says from which column', () => {
    const right = fillHandle(at(1, 0, 1, 1), at(1, 0, 3, 1), rowsIn, read, series)
    expect(right.map(({ col, value, from }) => [col, value, from])).toEqual([
      [2, 'a', 1],
      [3, 'a', 1],
    ])
    const left = fillHandle(at(1, 0, 2, 1), at(0, 0, 3, 1), rowsIn, read, series)
    expect(left.map(({ col, from }) => [col, from])).toEqual([[0, 2]])
  })

  it('repeats single numbers and days', () => {
    const single = fillHandle(at(0, 1, 1, 1), at(0, 1, 1, 3), rowsIn, read, series)
    expect(single.map((one) => one.value)).toEqual([3, 3])
  })
})
