import { describe, expect, it } from 'vitest'
import { decidedBy, isWhole, movesRows, type RowQuery } from './rowQuery'

const whole: RowQuery = { filter: null, sorts: [], search: '' }

const record = { id: 'r', cells: { stage: 'a' } }

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

describe('a change', () => {
  it.each([
    ['a new record', { records: [{ ...record, created: true }] }],
    ['a moved record', { records: [{ ...record, position: 2 }] }],
    ['a deleted record', { deleted: ['r'] }],
    ['a restored record', { restored: ['r'] }],
    ['too much to tell', { reload: true }],
  ])('moves rows of every query with %s', (_, change) => {
    expect(movesRows(whole, change)).toBe(true)
  })

  it('of cells moves rows only where these decide', () => {
    expect(movesRows(whole, { records: [record] })).toBe(false)
    expect(movesRows({ ...whole, sorts: [{ field: 'stage', desc: false }] }, { records: [record] })).toBe(true)
    expect(movesRows({ ...whole, sorts: [{ field: 'name', desc: false }] }, { records: [record] })).toBe(false)
  })
})
