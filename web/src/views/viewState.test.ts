import { describe, expect, it } from 'vitest'
import type { View, ViewConfig } from '../api/types'
import { differing, parted, read, sameSetting, sharingOf, written } from './viewState'

const view = (over: Partial<View> = {}): View => ({
  id: 'viw1',
  table: 'tbl1',
  name: 'All',
  description: '',
  section: '',
  kind: 'grid',
  owner: null,
  created_by: null,
  locked: false,
  starred: false,
  position: 1,
  config: {},
  deleted_at: null,
  ...over,
})
const filter = { and: [{ field: 'fld1', op: 'contains', value: 'é & ü' }] }

describe('who sees a change', () => {
  it('keeps filter, order, groups and colour of a shared view with the person, and shares the layout', () => {
    const patch: ViewConfig = { filter, sorts: [], groups: [], color: null, widths: { fld1: 90 }, hidden: ['fld2'] }
    const { stored, own } = parted(view(), patch)
    expect(Object.keys(own).sort()).toEqual(['color', 'filter', 'groups', 'sorts'])
    expect(stored).toEqual({ widths: { fld1: 90 }, hidden: ['fld2'] })
  })
  it('stores everything in a personal view and nothing in a locked one', () => {
    expect(parted(view({ owner: 'usr1' }), { filter }).stored).toEqual({ filter })
    expect(parted(view({ locked: true }), { filter, frozen: 2 })).toEqual({ stored: {}, own: { filter, frozen: 2 } })
    expect(parted(view({ owner: 'usr1', locked: true }), { filter }).own).toEqual({ filter })
    expect(sharingOf(view({ owner: 'usr1', locked: true }))).toBe('locked')
  })
})

describe('what differs', () => {
  it('is nothing when a change was taken back by hand', () => {
    expect(differing({ filter: null, sorts: [], groups: [] }, {})).toBeUndefined()
    expect(differing({ filter: { and: [] } }, { filter: null })).toBeUndefined()
    expect(
      differing({ sorts: [{ field: 'fld1', desc: false }] }, { sorts: [{ field: 'fld1' } as never] }),
    ).toBeUndefined()
    expect(differing({ filter, frozen: 1 }, { frozen: 1 })).toEqual({ filter })
  })
  it('sees the order of sorts and conditions', () => {
    const [a, b] = [
      { field: 'a', desc: true },
      { field: 'b', desc: true },
    ]
    expect(sameSetting([a, b], [b, a])).toBe(false)
    expect(sameSetting(filter, { and: [{ value: 'é & ü', op: 'contains', field: 'fld1' }] })).toBe(true)
  })
})

describe('unsaved changes in an address', () => {
  it('come back as they went', () => {
    const draft: ViewConfig = { filter, sorts: [{ field: 'fld1', desc: true }], groups: [], color: { field: 'fld3' } }
    expect(written(draft)).toMatch(/^[\w-]+$/)
    expect(read(written(draft))).toEqual(draft)
  })
  it('are left out when there are none', () => {
    expect(written(undefined)).toBe('')
    expect(written({})).toBe('')
    expect(read(null)).toBeUndefined()
  })
  it('written by strangers do no harm', () => {
    for (const word of ['%%%', 'e30', btoa('[1]'), btoa('{"filter":{"and":5}}'), btoa('{"evil":1}'), btoa('nul')]) {
      expect(read(word)).toBeUndefined()
    }
    expect(read(btoa('{"sorts":[{"field":"fld1"}],"filter":{"field":1}}'))).toEqual({ sorts: [{ field: 'fld1' }] })
  })
})
