import { describe, expect, it } from 'vitest'
import { bands } from './copy'
import { targetsOf } from './paste'

const at = (col: number, row: number, cols: number, rows: number) => ({ col, row, cols, rows })
const clip = (...rows: string[]) => rows.map((row) => row.split('|').map((text) => ({ text })))

describe('several ranges', () => {
  it('over the same rows stand side by side, in the order of the columns', () => {
    expect(bands([at(4, 2, 1, 3), at(0, 2, 2, 3)])).toEqual([[at(0, 2, 2, 3), at(4, 2, 1, 3)]])
  })

  it('else stand below one another, in the order of the rows', () => {
    expect(bands([at(0, 9, 2, 1), at(0, 2, 2, 3), at(3, 9, 1, 1)])).toEqual([
      [at(0, 2, 2, 3)],
      [at(0, 9, 2, 1), at(3, 9, 1, 1)],
    ])
  })
})

describe('a paste', () => {
  it('fills every selected range that it fits evenly', () => {
    const ranges = [at(0, 0, 1, 3), at(2, 5, 2, 2)]
    expect(targetsOf(clip('x'), ranges)).toEqual(ranges)
    expect(targetsOf(clip('x', 'y'), [at(0, 0, 3, 4)])).toEqual([at(0, 0, 3, 4)])
  })

  it('else goes to the first alone, as large as it is', () => {
    expect(targetsOf(clip('a|b', 'c'), [at(1, 1, 1, 1)])).toEqual([at(1, 1, 2, 2)])
    expect(targetsOf(clip('x', 'y'), [at(0, 0, 1, 3), at(2, 5, 2, 2)])).toEqual([at(0, 0, 1, 2)])
    expect(targetsOf(clip('x'), [])).toEqual([])
  })
})
