import { describe, expect, it } from 'vitest'
import type { Field } from '../../api/types'
import { weekOf } from './days'
import { between, type Dates, endingOn, laidOut, movedTo, type Placed, spanOfCells } from './spans'

const start = { id: 's', kind: 'date', options: {} } as unknown as Field
const end = { id: 'e', kind: 'date', options: {} } as unknown as Field
const moment = { id: 'z', kind: 'date_time', options: {} } as unknown as Field
const dates: Dates = { start, end, zone: 'Europe/Berlin' }
const week = weekOf('2026-11-23')
const on = (id: string, first: string, last = first): Placed => ({
  id,
  first: `2026-11-${first}`,
  last: `2026-11-${last}`,
})
const picture = (placed: Placed[], room: number) =>
  laidOut(week, placed, room).map(({ lanes }) =>
    lanes.map((lane) => (lane === undefined ? '.' : lane === 'carried' ? '-' : lane.id)).join(''),
  )

describe('the days a record covers', () => {
  it('are from its start to its end, and one day where the end is missing or earlier', () => {
    expect(spanOfCells({ s: '2026-11-23', e: '2026-11-25' }, dates)).toEqual({
      first: '2026-11-23',
      last: '2026-11-25',
    })
    expect(spanOfCells({ s: '2026-11-23', e: '2026-11-20' }, dates)?.last).toBe('2026-11-23')
    expect(spanOfCells({ s: '2026-11-23' }, dates)?.last).toBe('2026-11-23')
    expect(spanOfCells({ e: '2026-11-25' }, dates)).toBeUndefined()
  })
  it('move together and keep their length', () => {
    expect(movedTo({ s: '2026-11-23', e: '2026-11-25' }, '2026-12-30', dates)).toEqual({
      s: '2026-12-30',
      e: '2027-01-01',
    })
    expect(movedTo({ s: '2026-11-23' }, '2026-11-24', dates)).toEqual({ s: '2026-11-24' })
  })
  it('keep the time of day across a change of the clocks', () => {
    const moved = movedTo({ z: '2026-10-23T07:30:00.000Z' }, '2026-10-26', { ...dates, start: moment, end: undefined })
    expect(moved).toEqual({ z: '2026-10-26T08:30:00.000Z' })
  })
  it('end on another day, but never before they begin', () => {
    expect(endingOn({ s: '2026-11-23' }, '2026-11-26', dates)).toEqual({ e: '2026-11-26' })
    expect(endingOn({ s: '2026-11-23', e: '2026-11-26' }, '2026-11-01', dates)).toEqual({ e: '2026-11-23' })
  })
})

describe('a week', () => {
  it('gives every record a lane of its own on all its days', () => {
    expect(picture([on('a', '23'), on('b', '23', '25'), on('c', '24'), on('d', '26')], 4)).toEqual([
      'ba',
      '-c',
      '-',
      'd',
      '',
      '',
      '',
    ])
  })
  it('shows what began before it and what goes on behind it', () => {
    const [monday] = laidOut(week, [on('a', '20', '24')], 4)
    expect(monday?.lanes[0]).toEqual({ id: 'a', first: '2026-11-20', days: 2, fromBefore: true, goesOn: false })
    const sunday = laidOut(week, [{ id: 'a', first: '2026-11-29', last: '2026-12-02' }], 4)[6]
    expect(sunday?.lanes[0]).toMatchObject({ days: 1, goesOn: true })
  })
  it('leaves the last line free where more stand than fit, and names all of them', () => {
    const many = [on('a', '23', '24'), on('b', '23', '24'), on('c', '24'), on('d', '24')]
    expect(picture(many, 3).slice(0, 2)).toEqual(['ab', '--'])
    expect(laidOut(week, many, 3)[1]?.ids).toEqual(['a', 'b', 'c', 'd'])
    // One that would lie over the button of a fuller day is left out on every day.
    expect(picture(many, 2).slice(0, 2)).toEqual(['a', '-'])
  })
})

it('days are asked for in no more than three levels of groups', () => {
  const query = {
    filter: null,
    sorts: [
      { field: 's', desc: true },
      { field: 'n', desc: true },
    ],
    search: '',
  }
  expect(between(query, dates, '2026-11-01', '2026-11-30')).toMatchObject({
    sorts: [
      { field: 's', desc: false },
      { field: 'n', desc: true },
    ],
    filter: {
      and: [
        { field: 's', op: 'is_on_or_before', value: '2026-11-30' },
        {
          or: [
            { field: 's', op: 'is_on_or_after', value: '2026-11-01' },
            { field: 'e', op: 'is_on_or_after', value: '2026-11-01' },
          ],
        },
      ],
    },
  })
})
