import { describe, expect, it } from 'vitest'
import { byDay } from './days'
import { type Happening, readFilters, writeFilters } from './types'

const at = (text: string): Happening => ({ id: text, at: new Date(text).toISOString() }) as Happening

describe('days of the feed', () => {
  it('are named from today back', () => {
    const now = new Date('2026-11-23T12:00:00')
    const items = [
      '2026-11-23T11:00:00',
      '2026-11-22T23:59:00',
      '2026-11-19T10:00:00',
      '2026-10-01T10:00:00',
      '2025-10-01T10:00:00',
    ]
    expect(byDay(items.map(at), now).map((day) => day.label)).toEqual([
      'Today',
      'Yesterday',
      'Thursday',
      'Thursday, October 1',
      'Wednesday, October 1, 2025',
    ])
  })
  it('keep the order of events when the clock was set back', () => {
    const now = new Date('2026-11-23T12:00:00')
    const days = byDay(['2026-11-23T11:00:00', '2026-11-22T11:00:00', '2026-11-23T10:00:00'].map(at), now)
    expect(days.map((day) => day.items.length)).toEqual([1, 1, 1])
  })
})

describe('filters in the address', () => {
  it('come back as they were', () => {
    const filters = { kind: 'records,imports', text: 'a & b', start: '2026-01-01' }
    const address = writeFilters(filters)
    expect(readFilters(address.slice(address.indexOf('?')))).toEqual(filters)
    expect(writeFilters({})).toBe('/activity')
    expect(readFilters('?foo=1&kind=')).toEqual({})
  })
})
