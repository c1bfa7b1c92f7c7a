import { expect, test } from 'vitest'
import type { User } from '../api/types'
import { complete, fromWire, matching, pieces, toWire, typedName } from './mentions'

const person = (id: string, name: string, active = true): User => ({ id, name, email: '', role: 'member', active })
const ADA = person('usr00000000000001', 'Ada')
const ADA_ADMIN = person('usr00000000000002', 'Ada Admin')
const GONE = person('usr00000000000003', 'Bob Gone', false)
const PEOPLE = [ADA, ADA_ADMIN, GONE]
const nameOf = (id: string) => PEOPLE.find((one) => one.id === id)?.name

test('a text goes to the wire and back as it was, the longest name first', () => {
  const text = 'Hello @Ada Admin and @Ada!'
  const wire = toWire(text, PEOPLE)
  expect(wire).toBe(`Hello @[${ADA_ADMIN.id}] and @[${ADA.id}]!`)
  expect(fromWire(wire, nameOf)).toBe(text)
  expect(fromWire('@[usr99999999999999]', nameOf)).toBe('@somebody')
})

test('pieces name the people and join to the text', () => {
  const found = pieces(`a @[${ADA.id}] b`, nameOf)
  expect(found).toEqual([{ text: 'a ' }, { text: '@Ada', user: ADA.id }, { text: ' b' }])
  expect(pieces('plain', nameOf)).toEqual([{ text: 'plain' }])
})

test('a name is being typed after an @ at the start of a word', () => {
  expect(typedName('Hello @ad', 9)).toBe('ad')
  expect(typedName('Hello @', 7)).toBe('')
  expect(typedName('@Ada Ad', 7)).toBe('Ada Ad')
  expect(typedName('mail@ad', 7)).toBeUndefined()
  expect(typedName('@Ada Admin now', 14)).toBeUndefined()
})

test('people are found by any part of their name, and not those who left', () => {
  expect(matching(PEOPLE, 'ad')).toEqual([ADA, ADA_ADMIN])
  expect(matching(PEOPLE, 'admin')).toEqual([ADA_ADMIN])
  expect(matching(PEOPLE, 'bob')).toEqual([])
})

test('choosing a person completes the name and goes on behind it', () => {
  expect(complete('Ask @ad', 7, ADA_ADMIN)).toEqual({ text: 'Ask @Ada Admin ', caret: 15 })
  expect(complete('Ask @ad now', 7, ADA)).toEqual({ text: 'Ask @Ada now', caret: 8 })
})
