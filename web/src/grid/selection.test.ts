import { describe, expect, it } from 'vitest'
import { atCell, cellsOf, countCells, NOTHING, ranges, rowsOf, shifted } from './selection'

describe('selection', () => {
  it('turns whole rows and columns into rectangles and clips to the table', () => {
    expect(ranges({ ...NOTHING, rows: [[1, 3]] }, 4, 10)).toEqual([{ col: 0, row: 1, cols: 4, rows: 2 }])
    expect(ranges({ ...NOTHING, columns: [[2, 3]] }, 4, 10)).toEqual([{ col: 2, row: 0, cols: 1, rows: 10 }])
    const over = { ...atCell(3, 9), range: { col: 3, row: 9, cols: 5, rows: 5 } }
    expect(ranges(over, 4, 10)).toEqual([{ col: 3, row: 9, cols: 1, rows: 1 }])
    expect(ranges(atCell(0, 0), 4, 0)).toEqual([])
  })

  it('counts a cell in two rectangles once', () => {
    const two = [
      { col: 0, row: 0, cols: 2, rows: 2 },
      { col: 1, row: 1, cols: 2, rows: 2 },
    ]
    expect(countCells(two)).toBe(7)
    expect(new Set([...cellsOf(two)].map(String)).size).toBe(7)
    expect(rowsOf(two)).toEqual([0, 1, 2])
  })

  it('moves with its record', () => {
    const moved = shifted(atCell(2, 5), -2)
    expect(moved.cell).toEqual([2, 3])
    expect(moved.range?.row).toBe(3)
    expect(shifted(NOTHING, 4)).toBe(NOTHING)
  })
})
