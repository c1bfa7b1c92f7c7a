import { describe, expect, it } from 'vitest'
import { GroupLayout, type Leaf, pathOf } from './layout'

const leaves: Leaf[] = [
  { key: ['a', true], count: 2 },
  { key: ['a', null], count: 1 },
  { key: ['b', true], count: 3 },
  { key: [null, null], count: 1 },
]
const layout = (folded: string[] = [], canAdd = true) =>
  new GroupLayout(leaves, 2, (path) => folded.includes(path), canAdd)

function drawn(one: GroupLayout): string[] {
  return Array.from({ length: one.length }, (_, row) => {
    const found = one.at(row)
    if (found?.kind === 'record') return `${found.place}#${found.number}`
    return `${found?.kind}${found?.group.level} ${found?.group.path} ${found?.group.count}`
  })
}

describe('rows of a grouped grid', () => {
  it('are headers, records and one row to add', () => {
    expect(drawn(layout())).toEqual([
      'group0 ["a"] 3',
      'group1 ["a",true] 2',
      '0#1',
      '1#2',
      'add1 ["a",true] 2',
      'group1 ["a",null] 1',
      '2#1',
      'add1 ["a",null] 1',
      'group0 ["b"] 3',
      'group1 ["b",true] 3',
      '3#1',
      '4#2',
      '5#3',
      'add1 ["b",true] 3',
      'group0 [null] 1',
      'group1 [null,null] 1',
      '6#1',
      'add1 [null,null] 1',
    ])
    expect(layout([], false).length).toBe(14)
  })
  it('are left out below a folded group of any level', () => {
    expect(drawn(layout(['["a"]', '["b",true]']))).toEqual([
      'group0 ["a"] 3',
      'group0 ["b"] 3',
      'group1 ["b",true] 3',
      'group0 [null] 1',
      'group1 [null,null] 1',
      '6#1',
      'add1 [null,null] 1',
    ])
    expect(layout(['["a"]']).rowOf(1)).toBeUndefined()
    expect(layout(['["a"]']).pathsAt(1)).toEqual(['["a"]', '["a",true]'])
  })
  it('find every record again', () => {
    const one = layout(['["a",true]'])
    for (let place = 2; place < 7; place += 1) {
      const row = one.rowOf(place)
      expect(row === undefined ? undefined : one.at(row)).toMatchObject({ kind: 'record', place })
    }
    expect([one.at(-1), one.at(one.length)]).toEqual([undefined, undefined])
  })
  it('follow records that come and go, also into a group that became empty', () => {
    const gone = layout().resized([0, 1, 6], -1, 2)
    expect(gone.leaves.map((leaf) => leaf.count)).toEqual([0, 1, 3, 0])
    expect(gone.rowOf(0)).toBe(gone.rowOf(0))
    expect(gone.at(gone.rowOf(0) ?? -1)).toMatchObject({ place: 0, group: { path: '["a",null]' } })
    const grown = gone.grown(pathOf(['a', true]), 1, 2)
    expect(grown.leaves.map((leaf) => leaf.count)).toEqual([1, 1, 3, 0])
    expect(grown.endOf(grown.groupAt(0) ?? (undefined as never))).toMatchObject({ place: 1 })
  })
  it('stay quick with ten thousand groups and a million records', () => {
    const many = Array.from({ length: 10_000 }, (_, at): Leaf => ({ key: [at >> 5, at], count: 100 }))
    const one = new GroupLayout(many, 2, () => false, true)
    expect(one.length).toBe(10_000 * 102 + 313)
    for (let place = 0; place < 1_000_000; place += 99_991)
      expect(one.at(one.rowOf(place) ?? -1)).toMatchObject({ place })
  })
})
