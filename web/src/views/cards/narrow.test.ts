import { describe, expect, it } from 'vitest'
import type { Filter } from '../../api/types'
import { narrowed } from './narrow'

const one = (name: string): Filter => ({ field: name, op: 'is', value: 1 })
const own = [one('own')]
const depth = (filter: Filter): number => {
  const parts = 'and' in filter ? filter.and : 'or' in filter ? filter.or : undefined
  return parts ? 1 + Math.max(0, ...parts.map(depth)) : 0
}
const holds = (filter: Filter, truths: ReadonlySet<string>): boolean => {
  if ('and' in filter) return filter.and.every((part) => holds(part, truths))
  if ('or' in filter) return filter.or.length === 0 || filter.or.some((part) => holds(part, truths))
  return truths.has(filter.field)
}
const FILTERS: readonly (Filter | null)[] = [
  null,
  one('a'),
  { and: [] },
  { or: [] },
  { and: [one('a'), { or: [one('b'), { and: [one('c'), one('d')] }] }] },
  { or: [one('a'), { and: [one('b'), { or: [one('c'), one('d')] }] }] },
  { or: [{ or: [one('a'), { or: [one('b'), one('c')] }] }, { or: [] }] },
  { or: [one('a'), { or: [one('b'), { and: [one('c'), one('d')] }] }] },
]

describe('a filter with the conditions of a board', () => {
  it('lets through what both let through', () => {
    const names = ['a', 'b', 'c', 'd', 'own']
    for (const filter of FILTERS) {
      for (let bits = 0; bits < 32; bits += 1) {
        const truths = new Set(names.filter((_, at) => bits & (1 << at)))
        const both = (filter === null || holds(filter, truths)) && truths.has('own')
        expect(holds(narrowed(filter, own), truths), JSON.stringify([filter, [...truths]])).toBe(both)
      }
    }
  })
  it('nests no deeper than the server allows', () => {
    const spans: Filter[] = [one('x'), { or: [one('y'), one('z')] }]
    for (const filter of FILTERS) expect(depth(narrowed(filter, own))).toBeLessThanOrEqual(3)
    expect(depth(narrowed({ or: [one('a'), one('b')] }, spans))).toBe(3)
  })
})
