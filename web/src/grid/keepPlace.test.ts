import { describe, expect, it } from 'vitest'
import { type Seen, scrollFor } from './keepPlace'

const HEIGHT = 32
const topOf = (row: number): number => row * HEIGHT
/** The rows from `from` on are on screen. */
const screen = (ids: string, from = 100): Seen[] =>
  [...ids].map((id, index) => ({ id, row: from + index, top: topOf(from + index) }))
const now =
  (ids: string, from = 100) =>
  (id: string): number | undefined =>
    ids.includes(id) ? from + ids.indexOf(id) : undefined

describe('keeping what is on screen in its place', () => {
  it('goes along with rows put in or taken out above', () => {
    expect(scrollFor(screen('abcdef'), undefined, now('abcdef', 103), topOf)).toBe(3 * HEIGHT)
    expect(scrollFor(screen('abcdef'), 'c', now('abcdef', 98), topOf)).toBe(-2 * HEIGHT)
  })

  it('does not follow a record that is sorted away, the active one neither', () => {
    const away = (id: string) => (id === 'c' ? 9000 : now('abdef')(id))
    expect(scrollFor(screen('abcdef'), 'c', away, topOf)).not.toBeGreaterThan(HEIGHT)
    expect(Math.abs(scrollFor(screen('abcdef'), 'c', away, topOf))).toBeLessThanOrEqual(HEIGHT)
  })

  it('lets the active cell stand still when a row comes in beside it', () => {
    expect(scrollFor(screen('abcdef'), 'b', now('abXcdef'), topOf)).toBe(0)
    expect(scrollFor(screen('abcdef'), 'd', now('abXcdef'), topOf)).toBe(HEIGHT)
    expect(scrollFor(screen('abcdef'), 'f', now('abcdeXf'), topOf)).toBe(HEIGHT)
  })

  it('without an active cell moves as little as possible', () => {
    expect(scrollFor(screen('abcdef'), undefined, now('abcdeXf'), topOf)).toBe(0)
    expect(scrollFor(screen('abcd'), undefined, now('abXcd'), topOf)).toBe(0)
    expect(scrollFor(screen('abcdef'), undefined, () => undefined, topOf)).toBe(0)
    expect(scrollFor([], 'a', now('a'), topOf)).toBe(0)
  })
})
