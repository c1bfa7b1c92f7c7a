import { describe, expect, it } from 'vitest'
import type { Cell } from '../store/cells'
import { seriesOf } from './series'

const next = (values: Cell[], kind: string, places: number[], zone = 'UTC'): Cell[] | undefined => {
  const series = seriesOf(values, kind, zone)
  return series && places.map(series)
}

/** Numbers that come again with every run. */
function* random(seed: number): Generator<number, never> {
  let state = seed
  for (;;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    yield state / 2 ** 32
  }
}

describe('numbers', () => {
  it.each([
    [
      [1, 2],
      [2, 3, -1],
      [3, 4, 0],
    ],
    [
      [10, 7, 4],
      [3, 4],
      [1, -2],
    ],
    [
      [0.1, 0.2],
      [2, 9],
      [0.3, 1],
    ],
    [[5, 5], [2], [5]],
  ])('%j goes on', (values, places, wanted) => expect(next(values, 'number', places)).toEqual(wanted))

  it('repeats one alone, uneven ones and those with a gap', () => {
    for (const values of [[3], [1, 2, 4], [1, null, 3]]) expect(seriesOf(values, 'number', 'UTC')).toBeUndefined()
    expect(seriesOf([3, 4], 'rating', 'UTC')).toBeUndefined()
  })
})

describe('days', () => {
  it.each([
    ['by day', ['2026-01-30', '2026-01-31'], [2, -1], ['2026-02-01', '2026-01-29']],
    ['by week', ['2026-01-30', '2026-02-06'], [2, 3], ['2026-02-13', '2026-02-20']],
    ['by month', ['2026-01-15', '2026-02-15'], [2, 12], ['2026-03-15', '2027-01-15']],
    ['by month, where a day is missing', ['2026-01-30', '2026-02-28'], [2, 13], ['2026-03-30', '2027-02-28']],
    [
      'from month end to month end',
      ['2026-01-31', '2026-02-28'],
      [2, 3, -1],
      ['2026-03-31', '2026-04-30', '2025-12-31'],
    ],
    ['by quarter', ['2026-03-31', '2026-06-30'], [2, 3], ['2026-09-30', '2026-12-31']],
    ['by year', ['2024-02-29', '2025-02-28'], [2, 4], ['2026-02-28', '2028-02-29']],
    ['backwards', ['2026-02-02', '2026-02-01'], [2], ['2026-01-31']],
  ] as const)('goes on %s', (_, values, places, wanted) => {
    expect(next([...values], 'date', [...places])).toEqual(wanted)
  })

  it('repeats one alone and uneven ones', () => {
    expect(seriesOf(['2026-01-01'], 'date', 'UTC')).toBeUndefined()
    expect(seriesOf(['2026-01-01', '2026-01-02', '2026-01-04'], 'date', 'UTC')).toBeUndefined()
  })

  it('keeps nine o’clock when the clocks change', () => {
    const values = ['2026-03-27T08:00:00.000Z', '2026-03-28T08:00:00.000Z']
    expect(next(values, 'date_time', [2], 'Europe/Berlin')).toEqual(['2026-03-29T07:00:00.000Z'])
    expect(next(values, 'date_time', [2])).toEqual(['2026-03-29T08:00:00.000Z'])
  })
})

describe('words', () => {
  it.each([
    [['Monday'], [1, 6, 7, -1], ['Tuesday', 'Sunday', 'Monday', 'Sunday']],
    [
      ['mon', 'wed'],
      [2, 3],
      ['fri', 'sun'],
    ],
    [['NOV', 'DEC'], [2], ['JAN']],
    [['May'], [1, -1], ['June', 'April']],
    [
      ['March', 'February'],
      [2, 3],
      ['January', 'December'],
    ],
    [['Q3'], [1, 2], ['Q4', 'Q1']],
    [['Fund 1'], [1, 2], ['Fund 2', 'Fund 3']],
    [['Fund 1', 'Fund 3'], [2], ['Fund 5']],
    [
      ['Fund 9', 'Fund 8'],
      [2, 9, 10],
      ['Fund 7', 'Fund 0', 'Fund 1'],
    ],
    [['A-09'], [1, 2, 91], ['A-10', 'A-11', 'A-100']],
    [['2026 Series 7 (draft)'], [1], ['2026 Series 8 (draft)']],
    [['DE12345678901234567890'], [1], ['DE12345678901234567891']],
    [['two\nlines 1'], [1], ['two\nlines 2']],
  ] as const)('%j goes on', (values, places, wanted) => {
    expect(next([...values], 'text', [...places])).toEqual(wanted)
  })

  it('repeats words and what does not go together', () => {
    for (const values of [
      ['Porto'],
      ['A1', 'B2'],
      ['Monday', 'March'],
      ['Fund 1', 'Fund 1'],
      ['', 'x1'],
      ['Monday', 'Monday'],
    ]) {
      expect(seriesOf(values, 'text', 'UTC')).toBeUndefined()
    }
    expect(seriesOf(['Fund 1'], 'email', 'UTC')).toBeUndefined()
  })
})

describe('any series', () => {
  const dice = random(7)
  const roll = (from: number, to: number): number => from + Math.floor(dice.next().value * (to - from + 1))
  const day = (number: number): string => new Date(number * 86_400_000).toISOString().slice(0, 10)
  const makers: Record<string, () => Cell[]> = {
    number: () => evenly(roll(-1000, 1000), roll(-50, 50)),
    date: () => evenly(roll(0, 40_000), roll(-40, 40)).map(day),
    date_time: () => evenly(roll(0, 40_000), roll(1, 3)).map((one) => `${day(one)}T0${roll(0, 0)}:30:00.000Z`),
    text: () => evenly(roll(10, 100), roll(1, 3)).map((one) => `No. ${one}/x`),
  }
  const evenly = (start: number, step: number): number[] => {
    return Array.from({ length: roll(2, 5) }, (_, at) => start + step * at)
  }

  it.each(Object.keys(makers))('of %s begins with what was given, and begins anew from its own values', (kind) => {
    for (let run = 0; run < 300; run += 1) {
      const values = makers[kind]?.() ?? []
      const series = seriesOf(values, kind, 'Europe/London')
      if (!series) continue
      expect(values.map((_, at) => series(at))).toEqual(values)
      const [from, length] = [roll(0, 30), roll(2, 4)]
      const later = Array.from({ length }, (_, at) => series(from + at))
      const again = seriesOf(later, kind, 'Europe/London')
      const clamped = kind === 'date' && new Set([...values, ...later].map((one) => String(one).slice(8))).size > 1
      if (!clamped) expect(again?.(length), JSON.stringify({ values, later })).toEqual(series(from + length))
    }
  })
})
