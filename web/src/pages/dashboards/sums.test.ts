import { describe, expect, it } from 'vitest'
import type { Commitments, Promised } from '../../api/dashboards'
import { byClosing, byFund, byMonth, bySilence, daysBetween, monthFrom, ofFund, total } from './sums'

const promised = (over: Partial<Promised> = {}): Promised => ({
  ...{ fund: 'rec1', state: 'hard', month: '2026-01', closing: 'opt1', count: 1, amount: 100 },
  ...over,
})
const data = (rows: Promised[]): Commitments => ({
  ...{ version: 1, soft: ['opt5'], hard: ['opt6'], promised: rows, of_deleted_investors: 0 },
  funds: [
    { id: 'rec1', name: 'One', target: 1000 },
    { id: 'rec2', name: 'Two', target: null },
  ],
})

describe('commitments by fund', () => {
  it('keeps soft and hard apart, funds in their order, and what names no fund last', () => {
    const rows = byFund(
      data([
        promised(),
        promised({ state: 'soft', amount: 40, count: 2 }),
        promised({ month: null, amount: 0.1 }),
        promised({ month: '2026-02', amount: 0.2 }),
        promised({ fund: null, state: 'soft', amount: 7 }),
      ]),
    )
    expect(rows.map(({ name }) => name)).toEqual(['One', 'Two', 'No fund'])
    expect(rows[0]).toMatchObject({ target: 1000, soft: { count: 2, amount: 40 }, hard: { count: 3, amount: 100.3 } })
    expect(rows[1]).toMatchObject({ target: null, soft: { count: 0, amount: 0 }, hard: { count: 0, amount: 0 } })
    expect(rows[2]).toMatchObject({ id: null, soft: { count: 1, amount: 7 }, hard: { count: 0, amount: 0 } })
  })
  it('holds all funds against the sum of those targets that there are', () => {
    const rows = [promised(), promised({ fund: 'rec2' }), promised({ fund: null })]
    expect(ofFund(data(rows), undefined)).toEqual({ rows, target: 1000 })
    expect(ofFund(data(rows), 'rec2')).toEqual({ rows: [rows[1]], target: null })
  })
})

describe('closings over time', () => {
  it('fills the months between and adds up soft and hard apart', () => {
    const rows = [
      promised({ month: '2025-11', amount: 5 }),
      promised({ month: '2026-02', amount: 3, state: 'soft' }),
      promised({ month: '2026-02', amount: 4 }),
      promised({ month: null, amount: 9 }),
    ]
    const { steps, undated } = byMonth(rows, '2026-03-10')
    expect(steps.map(({ key }) => key)).toEqual(['2025-11', '2025-12', '2026-01', '2026-02'])
    expect(steps.map(({ soFar }) => [soFar.hard, soFar.soft])).toEqual([
      [5, 0],
      [5, 0],
      [5, 0],
      [9, 3],
    ])
    expect(steps[1]).toMatchObject({ label: 'Dec 2025', from: '2025-12-01', before: '2026-01-01' })
    expect(undated.hard).toEqual({ count: 1, amount: 9 })
  })
  it('gathers mistyped years at the ends and loses nothing', () => {
    const rows = ['0206-01', '2020-05', '2026-01', '2226-01'].map((month) => promised({ month }))
    const { steps } = byMonth(rows, '2026-03-10')
    expect(steps).toHaveLength(38)
    expect(steps[0]).toMatchObject({ key: 'earlier', before: '2023-02-01', hard: { count: 2 } })
    expect(steps.at(-1)).toMatchObject({ key: 'later', from: '2026-02-01', hard: { count: 1 }, soFar: { hard: 400 } })
    expect(byMonth([promised({ month: null })], '2026-03-10').steps).toEqual([])
  })
  it('goes by the order of the closings, those to come too', () => {
    const rows = [promised({ closing: 'opt2' }), promised({ closing: null, state: 'soft', amount: 8 })]
    const closings = [
      { id: 'opt1', name: 'First close' },
      { id: 'opt2', name: 'Second close' },
    ]
    const { steps, undated } = byClosing(rows, closings)
    expect(steps.map(({ label, hard, soFar }) => [label, hard.amount, soFar.hard])).toEqual([
      ['First close', 0, 0],
      ['Second close', 100, 100],
    ])
    expect(undated.soft).toEqual({ count: 1, amount: 8 })
  })
  it('adds whatever it is given exactly once', () => {
    let seed = 7
    const chance = (most: number) => {
      seed = (seed * 16807) % 2147483647
      return seed % most
    }
    for (let round = 0; round < 50; round += 1) {
      const rows = Array.from({ length: chance(30) }, () =>
        promised({
          state: chance(2) ? 'soft' : 'hard',
          month: chance(5) ? `${2018 + chance(12)}-${String(1 + chance(12)).padStart(2, '0')}` : null,
          amount: chance(100_000) / 100,
          count: 1 + chance(3),
        }),
      )
      const { steps, undated } = byMonth(rows, '2026-03-10')
      for (const state of ['soft', 'hard'] as const) {
        const whole = [...steps.map((step) => step[state]), undated[state]]
        expect(whole.reduce((sum, { count }) => sum + count, 0)).toBe(total(rows, state).count)
        expect(whole.reduce((sum, { amount }) => sum + amount, 0)).toBeCloseTo(total(rows, state).amount, 6)
      }
    }
  })
})

describe('going cold', () => {
  it('counts by days of silence from the threshold on', () => {
    const days = [
      { key: ['2026-03-31'], count: 5, totals: {} },
      { key: ['2026-03-01'], count: 4, totals: {} },
      { key: ['2026-02-28'], count: 1, totals: {} },
      { key: ['2025-01-01'], count: 2, totals: {} },
      { key: [null], count: 9, totals: {} },
    ]
    const parts = bySilence(days, '2026-03-31', 30)
    expect(parts.map(({ label, count }) => [label, count])).toEqual([
      ['31–60 days', 1],
      ['61–90 days', 0],
      ['91–180 days', 0],
      ['181–365 days', 0],
      ['Over 365 days', 2],
    ])
    expect(bySilence(days, '2026-03-31', 400)).toMatchObject([{ label: 'Over 400 days', count: 2 }])
    expect(daysBetween('2026-03-28', '2026-03-31')).toBe(3)
    expect(monthFrom('2026-11', 2)).toBe('2027-01')
    expect(monthFrom('2026-01', -1)).toBe('2025-12')
  })
})
