import { describe, expect, it } from 'vitest'
import { PAGE, RowCache } from './rowCache'

const ids = (from: number, count: number) => Array.from({ length: count }, (_, index) => `r${from + index}`)
const put = (cache: RowCache, page: number, total: number) => {
  const some = ids(page * PAGE, Math.min(PAGE, total - page * PAGE))
  cache.put(
    page * PAGE,
    some,
    some.map((id) => ({ name: id })),
    total,
  )
}

describe('row cache', () => {
  it('knows which pages are missing', () => {
    const cache = new RowCache()
    expect(cache.missing(0, 50)).toEqual([0])
    put(cache, 0, 1000)
    expect(cache.missing(0, 50)).toEqual([])
    expect(cache.missing(150, 450)).toEqual([1, 2])
    expect(cache.missing(990, 5000)).toEqual([4])
    expect(cache.idAt(3)).toBe('r3')
    expect(cache.idAt(500)).toBeUndefined()
  })

  it('asks again for everything that is stale, but keeps it on show', () => {
    const cache = new RowCache()
    put(cache, 0, 400)
    cache.stale()
    expect(cache.idAt(7)).toBe('r7')
    expect(cache.missing(0, 10)).toEqual([0])
  })

  it('moves rows when one is put in or taken out, and then asks for the hole', () => {
    const cache = new RowCache()
    put(cache, 0, 1000)
    put(cache, 2, 1000)
    cache.insert(3, 'new', { name: 'new' })
    expect(cache.total).toBe(1001)
    expect([cache.idAt(2), cache.idAt(3), cache.idAt(4)]).toEqual(['r2', 'new', 'r3'])
    expect(cache.rowOf('r199')).toBe(200)
    expect(cache.missing(0, 199)).toEqual([])
    expect(cache.missing(400, 420)).toEqual([2])
    expect(cache.remove(new Set(['new', 'r0', 'nothere']))).toBe(2)
    expect(cache.total).toBe(999)
    expect(cache.idAt(0)).toBe('r1')
    expect(cache.rowOf('r5')).toBe(4)
  })

  it('patches and renames records that are here', () => {
    const cache = new RowCache()
    cache.insert(0, 'new_1', { name: 'x' })
    expect(cache.patch('new_1', { name: 'y' })).toBe(true)
    expect(cache.patch('other', { name: 'y' })).toBe(false)
    cache.rename('new_1', 'rec1')
    expect(cache.idAt(0)).toBe('rec1')
    expect(cache.record('rec1')).toEqual({ name: 'y' })
    expect(cache.record('new_1')).toBeUndefined()
  })

  it('forgets rows beyond a smaller total', () => {
    const cache = new RowCache()
    put(cache, 0, 200)
    cache.put(0, ids(0, 5), [], 5)
    expect(cache.idAt(4)).toBe('r4')
    expect(cache.idAt(5)).toBeUndefined()
  })

  it('keeps at most sixty pages and lets the least used go', () => {
    const cache = new RowCache()
    for (let page = 0; page < 60; page += 1) put(cache, page, 1_000_000)
    cache.use(0, 10)
    put(cache, 60, 1_000_000)
    expect(cache.idAt(0)).toBe('r0')
    expect(cache.idAt(PAGE)).toBeUndefined()
    expect(cache.record(`r${PAGE}`)).toBeUndefined()
    expect(cache.loaded).toBe(60 * PAGE)
  })

  it('asks again for an empty table once it is out of date', () => {
    const cache = new RowCache()
    cache.put(0, [], [], 0)
    expect(cache.missing(0, 40)).toEqual([])
    cache.stale()
    expect(cache.missing(0, 40)).toEqual([0])
  })

  it('holds records that miss a change until they are read from that change on', () => {
    const cache = new RowCache()
    put(cache, 0, 400)
    put(cache, 1, 400)
    cache.missed(12, 10)
    cache.missed(14, 12)
    expect([cache.heldAt('r3'), cache.heldAt('r300'), cache.heldAt('other')]).toEqual([10, 10, undefined])
    cache.readAt(13, ['r3', 'r999'])
    expect([cache.heldAt('r3'), cache.heldAt('r999')]).toEqual([13, 13])
    cache.readAt(14, ['r3'])
    expect([cache.heldAt('r3'), cache.heldAt('r300')]).toEqual([undefined, 10])
    cache.rename('r300', 'rec1')
    expect([cache.heldAt('r300'), cache.heldAt('rec1')]).toEqual([undefined, 10])
    cache.clear()
    expect(cache.heldAt('rec1')).toBeUndefined()
  })
})
