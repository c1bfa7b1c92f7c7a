import { describe, expect, it } from 'vitest'
import type { Field } from '../../api/types'
import { dayOf, monthOf, onDay, stepped, timeOf, titleOf, weekOf } from './days'

const date = { id: 'd', kind: 'date', options: {} } as unknown as Field
const moment = { id: 'z', kind: 'date_time', options: {} } as unknown as Field
const BERLIN = 'Europe/Berlin'

describe('days of a calendar', () => {
  it('begin on Monday and show whole weeks', () => {
    expect(weekOf('2026-11-22')[0]).toBe('2026-11-16')
    expect(monthOf('2026-11-23').map((week) => week[0])).toEqual([
      '2026-10-26',
      '2026-11-02',
      '2026-11-09',
      '2026-11-16',
      '2026-11-23',
      '2026-11-30',
    ])
    expect(monthOf('2027-02-01')).toHaveLength(4)
  })
  it('step by months and weeks, whatever their length', () => {
    expect(stepped('2026-01-31', 'month', 1)).toBe('2026-02-01')
    expect(stepped('2026-01-31', 'month', -1)).toBe('2025-12-01')
    expect(stepped('2026-11-23', 'week', 1)).toBe('2026-11-30')
    expect([titleOf('2026-11-23', 'month'), titleOf('2026-11-30', 'week')]).toEqual([
      'November 2026',
      '30 November – 6 December 2026',
    ])
  })
  it('of a moment are those of the zone', () => {
    expect(dayOf('2026-11-23T23:30:00.000Z', moment, BERLIN)).toBe('2026-11-24')
    expect(dayOf('2026-11-23', date, BERLIN)).toBe('2026-11-23')
    expect(dayOf(null, date, BERLIN)).toBeUndefined()
    expect(timeOf('2026-11-23T23:30:00.000Z', moment, BERLIN)).toBe('00:30')
  })
  it('a moment keeps its time of day, across a change of the clocks too', () => {
    const moved = onDay('2026-10-20T08:00:00.000Z', '2026-11-02', moment, BERLIN)
    expect(moved).toBe('2026-11-02T09:00:00.000Z')
    expect(timeOf(moved, moment, BERLIN)).toBe('10:00')
    expect(onDay(null, '2026-11-02', moment, BERLIN)).toBe('2026-11-02T08:00:00.000Z')
    expect(onDay('2026-01-01', '2026-11-02', date, BERLIN)).toBe('2026-11-02')
  })
})
