import { describe, expect, it } from 'vitest'
import { asOfIn, dayBefore, momentWords } from './moment'

describe('earlier states', () => {
  it('are a version or a moment', () => {
    expect(asOfIn('41')).toEqual({ version: 41 })
    expect(asOfIn('2026-11-01')).toEqual({ moment: '2026-11-01' })
  })
  it('are called by what they are', () => {
    expect(momentWords('1041')).toBe('in version 1,041')
    expect(momentWords('2026-11-01')).toBe('at the end of November 1, 2026')
    expect(momentWords('soon')).toBe('on soon')
  })
  it('are counted in days of this place', () => {
    expect(dayBefore(1, new Date('2026-03-01T00:30:00'))).toBe('2026-02-28')
  })
})
