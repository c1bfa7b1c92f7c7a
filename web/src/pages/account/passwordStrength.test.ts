import { expect, it } from 'vitest'
import { passwordStrength } from './passwordStrength'

it('rises with length and variety', () => {
  expect(passwordStrength('').level).toBe(0)
  expect(passwordStrength('so-short').level).toBe(1)
  expect(passwordStrength('so-short').hint).toBe('2 more characters needed.')
  expect(passwordStrength('kelp drum nine').level).toBe(3)
  expect(passwordStrength('kelp drum nine otter').level).toBe(4)
})

it('calls what is easily guessed weak, however long', () => {
  expect(passwordStrength('password-password').level).toBe(2)
  expect(passwordStrength('abababababababab').level).toBe(2)
  expect(passwordStrength('lovelace forever 1843', ['Ada Lovelace', 'ada@fund.com']).level).toBe(2)
})
