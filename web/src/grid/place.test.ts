import { describe, expect, it } from 'vitest'
import { GroupLayout } from './groups/layout'
import type { GridModel } from './model'
import { landingAt, stepGap } from './place'

/** Rows of a real layout over records named by letters; only what places are worked out from. */
function rows(names: string, groups?: readonly (readonly [string, number])[]): GridModel {
  const leaves = groups?.map(([key, count]) => ({ key: [key], count }))
  const layout = leaves && new GroupLayout(leaves, 1, () => false, true)
  const placeOf = (row: number): number | undefined => {
    const found = layout?.at(row)
    return layout ? (found?.kind === 'record' ? found.place : undefined) : row
  }
  const model = {
    layout,
    total: layout?.length ?? names.length,
    setting: { groups: groups ? [{ field: 'f' }] : [] },
    row: (row: number) => layout?.at(row),
    isRecord: (row: number) => placeOf(row) !== undefined && row >= 0 && row < model.total,
    idAt: (row: number) => names[placeOf(row) ?? -1],
    nearest: (row: number, by: number) => {
      for (let at = row; at >= 0 && at < model.total; at += by) if (model.isRecord(at)) return at
      return undefined
    },
  }
  return model as unknown as GridModel
}

const follower = (model: GridModel, gap: number, moving = '') => landingAt(model, gap, new Set(moving))?.before

describe('without groups', () => {
  const model = rows('abcde')

  it('records land before the row under the line, or at the end', () => {
    expect([0, 2, 5].map((gap) => follower(model, gap))).toEqual(['a', 'c', null])
  })

  it('never before one of themselves', () => {
    expect(follower(model, 1, 'bc')).toBe('d')
    expect(follower(model, 3, 'de')).toBeNull()
  })

  it('a step goes over the neighbour and ends at the edge', () => {
    expect([stepGap(model, 1, 2, -1), stepGap(model, 1, 2, 1)]).toEqual([0, 4])
    expect([stepGap(model, 0, 1, -1), stepGap(model, 3, 4, 1)]).toEqual([undefined, undefined])
  })
})

describe('in groups', () => {
  // 0 head, 1 a, 2 b, 3 add, 4 head, 5 c, 6 d, 7 add, 8 head, 9 add
  const model = rows('abcd', [
    ['warm', 2],
    ['cold', 2],
    ['none', 0],
  ])
  const landing = (gap: number, moving = '') => {
    const found = landingAt(model, gap, new Set(moving))
    return [found?.group?.key[0], found?.before]
  }

  it('the line belongs to the group of the record below it, at a group’s end to that group', () => {
    expect(landing(1)).toEqual(['warm', 'a'])
    expect(landing(3)).toEqual(['warm', null])
    expect(landing(4)).toEqual(['warm', null])
    expect(landing(5)).toEqual(['cold', 'c'])
    expect(landing(7)).toEqual(['cold', null])
    expect(landing(9)).toEqual(['none', null])
    expect(landing(0)).toEqual(['warm', null])
  })

  it('a step leads over a head into the group beside it', () => {
    const step = (row: number, by: 1 | -1) => landing(stepGap(model, row, row, by) ?? -9)
    expect(step(2, 1)).toEqual(['cold', 'c'])
    expect(step(5, -1)).toEqual(['warm', null])
    expect(step(5, 1)).toEqual(['cold', null])
    expect(stepGap(model, 1, 1, -1)).toBeUndefined()
  })
})
