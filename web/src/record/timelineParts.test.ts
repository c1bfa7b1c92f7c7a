import { expect, test } from 'vitest'
import type { TimelineItem } from '../api/around'
import { dayOf, entriesOf } from './timelineParts'

const ADA = { id: 'usr1', name: 'Ada' }

function changed(id: string, at: string, before: Record<string, string>, after: Record<string, string>): TimelineItem {
  const change = { version: 1, source: 'grid', reason: '', kind: 'update', before, after }
  return { id, at, kind: 'change', actor: ADA, change }
}

const note: TimelineItem = { id: 'cmt1', at: '2026-11-23T09:05:00Z', kind: 'comment', actor: ADA }

test('edits that follow each other become one entry from the first value to the last', () => {
  const entries = entriesOf([
    changed('c', '2026-11-23T09:20:00Z', { a: '2' }, { a: '3' }),
    changed('b', '2026-11-23T09:10:00Z', { a: '1', b: 'x' }, { a: '2', b: 'y' }),
  ])
  expect(entries).toHaveLength(1)
  expect([...(entries[0]?.cells ?? [])]).toEqual([
    ['a', { before: '1', after: '3' }],
    ['b', { before: 'x', after: 'y' }],
  ])
})

test('what lies between, another person or a long pause keeps them apart', () => {
  const first = changed('a', '2026-11-23T09:00:00Z', { a: '1' }, { a: '2' })
  const second = changed('b', '2026-11-23T09:10:00Z', { a: '2' }, { a: '3' })
  expect(entriesOf([second, note, first])).toHaveLength(3)
  expect(entriesOf([{ ...second, actor: null }, first])).toHaveLength(2)
  expect(entriesOf([{ ...second, at: '2026-11-23T10:10:00Z' }, first])).toHaveLength(2)
})

test('days are named as people name them', () => {
  const now = new Date(2026, 10, 23, 12)
  const days = [0, 1, 3].map((back) => dayOf(new Date(2026, 10, 23 - back, 9).toISOString(), now))
  expect(days).toEqual(['Today', 'Yesterday', 'Friday'])
  expect(dayOf(new Date(2025, 0, 2, 9).toISOString(), now)).toBe('January 2, 2025')
})
