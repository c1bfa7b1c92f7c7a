import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Here } from './here'

let sent: Record<string, string>[] = []
let open = true
let here: Here

function see(state: 'hidden' | 'visible'): void {
  Object.defineProperty(document, 'visibilityState', { value: state, configurable: true })
  document.dispatchEvent(new Event('visibilitychange'))
}

beforeEach(() => {
  vi.useFakeTimers()
  sent = []
  open = true
  here = new Here((text) => {
    if (open) sent.push(JSON.parse(text))
    return open
  })
  here.start()
})
afterEach(() => {
  here.stop()
  see('visible')
  vi.useRealTimers()
})

describe('where this window is', () => {
  it('is told at once, and the last of many moves a moment later', () => {
    here.look({ table: 'tbl1', view: 'viw1' })
    expect(sent).toEqual([{ type: 'here', table: 'tbl1', view: 'viw1' }])
    for (let row = 0; row < 50; row += 1) here.stand({ record: `rec${row}`, field: 'fld1' })
    expect(sent).toHaveLength(1)
    vi.advanceTimersByTime(300)
    expect(sent.slice(1)).toEqual([{ type: 'here', table: 'tbl1', view: 'viw1', record: 'rec49', field: 'fld1' }])
  })

  it('is told a few times a second at most, however fast the person moves', () => {
    here.look({ table: 'tbl1' })
    for (let step = 0; step < 200; step += 1) {
      here.stand({ record: `rec${step}`, field: 'fld1' })
      vi.advanceTimersByTime(10)
    }
    expect(sent.length).toBeLessThanOrEqual(10)
  })

  it('is not told twice, but renewed, and told again on a new connection', () => {
    here.look({ table: 'tbl1' })
    here.look({ table: 'tbl1' })
    vi.advanceTimersByTime(1000)
    expect(sent).toHaveLength(1)
    vi.advanceTimersByTime(25_000)
    expect(sent).toHaveLength(2)
    here.connected()
    vi.advanceTimersByTime(300)
    expect(sent).toHaveLength(3)
  })

  it('waits for a connection and then tells the newest', () => {
    open = false
    here.look({ table: 'tbl1' })
    here.stand({ record: 'rec1', field: 'fld1' })
    vi.advanceTimersByTime(1000)
    open = true
    here.connected()
    expect(sent).toEqual([{ type: 'here', table: 'tbl1', record: 'rec1', field: 'fld1' }])
  })

  it('is away after a minute out of sight, and back when seen again', () => {
    here.look({ table: 'tbl1' })
    see('hidden')
    vi.advanceTimersByTime(20_000)
    see('visible')
    vi.advanceTimersByTime(300)
    expect(sent).toHaveLength(1)
    see('hidden')
    vi.advanceTimersByTime(61_000)
    expect(sent.at(-1)).toEqual({ type: 'here' })
    see('visible')
    vi.advanceTimersByTime(300)
    expect(sent.at(-1)).toEqual({ type: 'here', table: 'tbl1' })
  })

  it('keeps the cell when the same view is looked at again, and forgets it with another', () => {
    here.look({ table: 'tbl1' })
    here.stand({ record: 'rec1', field: 'fld1' })
    vi.advanceTimersByTime(300)
    here.look({ table: 'tbl1' })
    vi.advanceTimersByTime(300)
    expect(sent.at(-1)).toMatchObject({ record: 'rec1' })
    here.look({ table: 'tbl2' })
    vi.advanceTimersByTime(300)
    expect(sent.at(-1)).toEqual({ type: 'here', table: 'tbl2' })
    here.look({})
    vi.advanceTimersByTime(300)
    expect(sent.at(-1)).toEqual({ type: 'here' })
  })

  it('goes on after a rest that began while something was still to be told', () => {
    here.look({ table: 'tbl1' })
    here.stand({ record: 'rec1', field: 'fld1' })
    here.stop()
    vi.advanceTimersByTime(1000)
    expect(sent).toHaveLength(1)
    here.start()
    here.connected()
    expect(sent.slice(1)).toEqual([{ type: 'here', table: 'tbl1', record: 'rec1', field: 'fld1' }])
  })
})
