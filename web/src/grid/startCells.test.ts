import { expect, it } from 'vitest'
import type { Field, Filter } from '../api/types'
import { cellsForFilter } from './startCells'

const field = (id: string, kind: string): Field =>
  ({ id, kind, name: id, options: {}, read_only: false }) as unknown as Field
const fields = [field('t', 'text'), field('s', 'single_select'), field('n', 'number'), field('m', 'multi_select')]
fields.push({ ...field('r', 'created_time'), read_only: true })
const start = (filter: Filter | null) => cellsForFilter(filter, fields)

it('a new record gets what conditions that all hold ask for', () => {
  const filter: Filter = {
    and: [
      { field: 't', op: 'is', value: 'Berlin' },
      { field: 's', op: 'is_any_of', value: ['opt1'] },
      { and: [{ field: 'n', op: '=', value: 5 }] },
      { field: 'm', op: 'has_all_of', value: ['opt2', 'opt3'] },
    ],
  }
  expect(start(filter)).toEqual({ t: 'Berlin', s: 'opt1', n: 5, m: ['opt2', 'opt3'] })
})

it('what is uncertain, relative or not writable is left to the person', () => {
  expect(
    start({
      or: [
        { field: 't', op: 'is', value: 'a' },
        { field: 'n', op: '=', value: 1 },
      ],
    }),
  ).toEqual({})
  expect(
    start({
      and: [
        { field: 's', op: 'is_any_of', value: ['a', 'b'] },
        { field: 't', op: 'contains', value: 'x' },
      ],
    }),
  ).toEqual({})
  expect(
    start({
      and: [
        { field: 'r', op: 'is', value: '2026-01-01' },
        { field: 't', op: 'is', value: { unit: 'today' } },
      ],
    }),
  ).toEqual({})
  expect(start({ or: [{ field: 't', op: 'is', value: 'only' }] })).toEqual({ t: 'only' })
  expect(start(null)).toEqual({})
})
