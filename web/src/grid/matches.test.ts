import { describe, expect, it } from 'vitest'
import type { Field, Filter } from '../api/types'
import type { Cell } from '../store/cells'
import { matches, monthsFrom, spanOf } from './matches'

const field = (id: string, kind: string, options = {}): Field => ({ id, kind, name: id, options }) as unknown as Field
const KINDS = {
  t: 'text',
  n: 'number',
  c: 'checkbox',
  s: 'single_select',
  m: 'multi_select',
  l: 'link',
  d: 'date',
  z: 'date_time',
}
const fields = new Map(Object.entries(KINDS).map(([id, kind]) => [id, field(id, kind)]))
const context = {
  fields,
  zone: 'America/New_York',
  now: new Date('2026-11-23T03:00:00Z'), // still the 22nd in New York
  nameOf: (id: string) => ({ rec1: 'Oak Fund', rec2: 'Elm' })[id],
}
const holds = (id: string, op: string, value: unknown, cell: Cell): boolean =>
  matches({ field: id, op, value }, (of) => (of === id ? cell : null), context)

describe('a record and a filter', () => {
  it('text ignores case', () => {
    expect([
      holds('t', 'is', 'OAK', 'oak'),
      holds('t', 'contains', 'AK', 'oak'),
      holds('t', 'is', 'oa', 'oak'),
    ]).toEqual([true, true, false])
  })
  it('numbers compare', () => {
    expect(['=', '!=', '<', '<=', '>', '>='].map((op) => holds('n', op, 5, 5))).toEqual([
      true,
      false,
      false,
      true,
      false,
      true,
    ])
  })
  it('empty cells pass every negation and nothing else', () => {
    for (const [id, op] of [
      ['t', 'is_not'],
      ['t', 'does_not_contain'],
      ['n', '!='],
      ['s', 'is_none_of'],
      ['m', 'has_none_of'],
      ['d', 'is_not'],
    ] as const) {
      expect(holds(id, op, id === 'n' ? 1 : ['s', 'm'].includes(id) ? ['a'] : '2026-01-01', null)).toBe(true)
    }
    for (const [id, op] of [
      ['t', 'contains'],
      ['n', '<'],
      ['s', 'is'],
      ['m', 'has_all_of'],
      ['d', 'is_before'],
    ] as const) {
      expect(holds(id, op, id === 'm' ? ['a'] : '2026-01-01', null)).toBe(false)
    }
    expect([
      holds('t', 'is_empty', undefined, null),
      holds('t', 'is', null, null),
      holds('c', 'is', false, null),
    ]).toEqual([true, true, true])
  })
  it('options, lists and links', () => {
    expect([holds('s', 'is', 'optA', 'optA'), holds('s', 'is_any_of', ['optB'], 'optA')]).toEqual([true, false])
    expect(['has_any_of', 'has_all_of', 'is_exactly'].map((op) => holds('m', op, ['a', 'b'], ['b', 'a', 'c']))).toEqual(
      [true, true, false],
    )
    expect(holds('m', 'is_exactly', ['a', 'b'], ['b', 'a'])).toBe(true)
    expect([holds('l', 'contains', 'oak', ['rec1']), holds('l', 'has_any_of', ['rec2'], ['rec1'])]).toEqual([
      true,
      false,
    ])
  })
  it('days are those of the zone', () => {
    expect(holds('d', 'is', { unit: 'today' }, '2026-11-22')).toBe(true)
    expect(holds('z', 'is', { unit: 'today' }, '2026-11-23T04:30:00.000Z')).toBe(true)
    expect(holds('z', 'is', '2026-11-23', '2026-11-23T04:30:00.000Z')).toBe(false)
    expect(holds('d', 'is_within', { unit: 'past_days', days: 7 }, '2026-11-15')).toBe(true)
    expect(holds('d', 'is_after', { unit: 'next_week' }, '2026-11-29')).toBe(false)
  })
  it('groups join', () => {
    const both: Filter = { or: [{ field: 't', op: 'is', value: 'x' }, { and: [{ field: 'n', op: '>', value: 1 }] }] }
    expect(matches(both, (id) => (id === 'n' ? 2 : 'y'), context)).toBe(true)
    expect(matches({ and: [] }, () => null, context)).toBe(true)
    expect(matches({ field: 'gone', op: 'is', value: 1 }, () => null, context)).toBe(true)
  })
})

it('months end where they end, weeks begin on Monday', () => {
  expect(monthsFrom('2026-03-31', -1)).toBe('2026-02-28')
  expect(monthsFrom('2024-02-29', 12)).toBe('2025-02-28')
  expect(spanOf({ unit: 'this_week' }, '2026-11-22')).toEqual(['2026-11-16', '2026-11-22'])
  expect(spanOf({ unit: 'this_month' }, '2026-12-05')).toEqual(['2026-12-01', '2026-12-31'])
  expect(spanOf({ unit: 'never' }, '2026-12-05')).toBeUndefined()
})
