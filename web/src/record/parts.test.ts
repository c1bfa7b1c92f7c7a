import { expect, test } from 'vitest'
import { onWantedPart, takeWantedPart, wantedPart, wantPart } from './parts'

test('a part is wanted of one record, as often as its panel is drawn, until it is on show', () => {
  wantPart('rec1', 'comments')
  expect(wantedPart('rec2')).toBeUndefined()
  expect(takeWantedPart('rec2')).toBeUndefined()
  expect(wantedPart('rec1')).toBe('comments')
  expect(wantedPart('rec1')).toBe('comments')
  expect(takeWantedPart('rec1')).toBe('comments')
  expect(wantedPart('rec1')).toBeUndefined()
})

test('a panel that is open takes what is wanted of its record, and leaves what another wants', () => {
  const taken: unknown[] = []
  const leave = onWantedPart(() => taken.push(takeWantedPart('rec1')))
  wantPart('rec1', 'tasks')
  wantPart('rec2', 'history')
  leave()
  wantPart('rec1', 'timeline')
  expect(taken).toEqual(['tasks', undefined])
  expect(takeWantedPart('rec1')).toBe('timeline')
})
