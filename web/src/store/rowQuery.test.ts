import { describe, expect, it } from 'vitest'
import { decidedBy, isWhole, type RowQuery } from './rowQuery'

const whole: RowQuery = { filter: null, sorts: [], search: '' }

describe('what decides which rows are shown where', () => {
  it('is nothing in a whole table', () => {
    expect(isWhole(whole)).toBe(true)
    expect(decidedBy(whole, ['stage', 'name'])).toBe(false)
  })

  it.each<[string, RowQuery]>([
    ['a sort', { ...whole, sorts: [{ field: 'stage', desc: false }] }],
    ['a group', { ...whole, groups: [{ field: 'stage', desc: true }] }],
    ['a condition', { ...whole, filter: { field: 'stage', op: 'is_empty' } }],
  ])('is the field of %s, and no other', (_, query) => {
    expect(isWhole(query)).toBe(false)
    expect(decidedBy(query, ['name', 'stage'])).toBe(true)
    expect(decidedBy(query, ['name', 'stag', 'stages'])).toBe(false)
  })

  it('is any field in a search', () => {
    expect(isWhole({ ...whole, search: 'a' })).toBe(false)
    expect(decidedBy({ ...whole, search: 'a' }, ['name'])).toBe(true)
  })
})
