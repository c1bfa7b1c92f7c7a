import { expect, it } from 'vitest'
import { asPressed } from './keyNames'

it('names keys as the keyboard does', () => {
  expect(asPressed('Ctrl+Shift+Z or Alt+←', true)).toBe('⌘+⇧+Z or ⌥+←')
  expect(asPressed('Ctrl+Shift+Z', false)).toBe('Ctrl+Shift+Z')
  expect(asPressed('Altona', true)).toBe('Altona')
})
