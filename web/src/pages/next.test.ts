import { expect, it } from 'vitest'
import { nextPath, withNext } from './next'

it('brings a page back after signing in', () => {
  const address = withNext('/signin', '/t/investors/rec1?panel=1')
  expect(nextPath(address.slice(address.indexOf('?')))).toBe('/t/investors/rec1?panel=1')
  expect(withNext('/signin', '/')).toBe('/signin')
})

it('never leaves the site', () => {
  for (const bad of ['//evil.example', '/\\evil.example', 'https://evil.example', 'javascript:alert(1)', '']) {
    expect(nextPath(`?next=${encodeURIComponent(bad)}`)).toBe('/')
  }
})
