import { expect, it } from 'vitest'
import type { Field } from '../../api/types'
import { admits, dropPlace, queryOf, stacksOf } from './stacks'

const stage = {
  id: 'fld1',
  name: 'Stage',
  kind: 'single_select',
  options: { choices: [{ id: 'opt1', name: 'First', color: 'red' }] },
} as unknown as Field
const query = { filter: null, sorts: [], search: 'x' }

it('records without an option have a stack of their own, the first', () => {
  expect(stacksOf(stage)).toEqual([
    { option: null, name: 'No stage', color: 'gray' },
    { option: 'opt1', name: 'First', color: 'red' },
  ])
})

it('a stack asks for its option within the view’s filter', () => {
  const [none, first] = stacksOf(stage)
  if (!none || !first) throw new Error('no stacks')
  expect(queryOf(query, stage, first.option).filter).toEqual({ and: [{ field: 'fld1', op: 'is', value: 'opt1' }] })
  const filter = { and: [{ field: 'fld2', op: 'is_empty' }] }
  expect(queryOf({ ...query, filter }, stage, none.option).filter).toEqual({
    and: [...filter.and, { field: 'fld1', op: 'is_empty' }],
  })
  expect([
    admits(stage, none.option)({}),
    admits(stage, first.option)({ fld1: 'opt1' }),
    admits(stage, first.option)({}),
  ]).toEqual([true, true, false])
})

it('a card dropped further down its own stack does not count itself', () => {
  expect(dropPlace(['a', 'b', 'c'], 'a', 2)).toBe(1)
  expect(dropPlace(['a', 'b', 'c'], 'c', 1)).toBe(1)
  expect(dropPlace(['a', 'b'], 'x', 2)).toBe(2)
})
