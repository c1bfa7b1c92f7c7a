import { describe, expect, it } from 'vitest'
import type { Filter } from '../../api/types'
import {
  add,
  type Condition,
  conditionsOf,
  depthOf,
  duplicate,
  type FilterGroup,
  filterOf,
  moveBefore,
  NO_FILTER,
  partAt,
  put,
  remove,
  shift,
  treeOf,
} from './filterTree'

const one = (field: string): Condition => ({ field, op: 'is', value: 'x' })
const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(one) as [Condition, Condition, Condition, Condition]
/** a and (b or (c and d)) */
const deep: FilterGroup = { join: 'and', parts: [a, { join: 'or', parts: [b, { join: 'and', parts: [c, d] }] }] }
const always = () => true
const shown = (tree: FilterGroup): Filter | null => filterOf(tree, always)

describe('a filter as a tree', () => {
  it('goes to the wire and back', () => {
    const wire: Filter = { and: [a, { or: [b, { and: [c, d] }] }] }
    expect(shown(deep)).toEqual(wire)
    expect(treeOf(wire)).toEqual(deep)
    expect(treeOf(a)).toEqual({ join: 'and', parts: [a] })
    expect([shown(NO_FILTER), treeOf(null)]).toEqual([null, NO_FILTER])
    expect(conditionsOf(wire)).toEqual([a, b, c, d])
  })
  it('leaves unfinished conditions and what they leave empty out of the query', () => {
    expect(filterOf(deep, (part) => part !== c && part !== d)).toEqual({ and: [a, { or: [b] }] })
    expect(filterOf(deep, (part) => part === a)).toEqual({ and: [a] })
    expect(filterOf(deep, () => false)).toBeNull()
  })
})

describe('changes', () => {
  it('put, add and duplicate where they are asked to', () => {
    expect(partAt(put(deep, [1, 1, 0], a), [1, 1, 0])).toBe(a)
    expect(shown(add(deep, [1, 1], a))).toEqual({ and: [a, { or: [b, { and: [c, d, a] }] }] })
    expect(shown(duplicate(deep, [1, 0]))).toEqual({ and: [a, { or: [b, b, { and: [c, d] }] }] })
    expect(shown(put(deep, [], { join: 'or', parts: deep.parts }))).toEqual({ or: [a, { or: [b, { and: [c, d] }] }] })
  })
  it('remove takes groups left empty with it', () => {
    expect(shown(remove(deep, [1, 1, 0]))).toEqual({ and: [a, { or: [b, { and: [d] }] }] })
    expect(shown(remove(remove(deep, [1, 1, 0]), [1, 1, 0]))).toEqual({ and: [a, { or: [b] }] })
    expect(remove(remove(deep, [1]), [0])).toEqual(NO_FILTER)
  })
  it('shift exchanges neighbours and stops at the ends', () => {
    expect(shown(shift(deep, [0], 1))).toEqual({ and: [{ or: [b, { and: [c, d] }] }, a] })
    expect(shift(deep, [0], -1)).toEqual(deep)
  })
  it('moving goes into and out of groups, never into itself or too deep', () => {
    expect(shown(moveBefore(deep, [1, 1, 1], [0]))).toEqual({ and: [d, a, { or: [b, { and: [c] }] }] })
    expect(shown(moveBefore(deep, [0], [1, 1, 2]))).toEqual({ and: [{ or: [b, { and: [c, d, a] }] }] })
    expect(moveBefore(deep, [1], [1, 0])).toBe(deep)
    const two: FilterGroup = { join: 'and', parts: [{ join: 'or', parts: [a] }, ...deep.parts] }
    expect(moveBefore(two, [0], [2, 1, 0])).toBe(two)
    expect(depthOf(moveBefore(two, [0], [2, 0]))).toBe(3)
  })
})
