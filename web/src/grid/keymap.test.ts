import { describe, expect, it } from 'vitest'
import { commandFor, type Press } from './keymap'

const press = (key: string, more: Partial<Press> = {}): Press => ({
  key,
  ctrl: false,
  meta: false,
  shift: false,
  alt: false,
  composing: false,
  ...more,
})
const text = { shape: 'text', writable: true }
const act = (key: string, more?: Partial<Press>, target: { shape?: string; writable: boolean } = text) =>
  commandFor(press(key, more), target)

describe('keys', () => {
  it('types into cells that can be written, and only there', () => {
    expect(act('a')).toEqual({ do: 'type', text: 'a' })
    expect(act('é')).toEqual({ do: 'type', text: 'é' })
    expect(act('@', { ctrl: true, alt: true })).toEqual({ do: 'type', text: '@' })
    expect(act('a', {}, { shape: 'text', writable: false })).toBeUndefined()
    expect(act('F5')).toBeUndefined()
    expect(act('Shift', { shift: true })).toBeUndefined()
  })

  it('leaves composing to the input method, in an open editor', () => {
    expect(act('Process', { composing: true })).toEqual({ do: 'compose' })
    expect(act('Enter', { composing: true })).toEqual({ do: 'compose' })
    expect(act('Dead')).toEqual({ do: 'compose' })
    expect(act('Process', { composing: true }, { writable: false })).toBeUndefined()
  })

  it('follows the map of the design', () => {
    expect(act('Enter')).toEqual({ do: 'edit' })
    expect(act('F2')).toEqual({ do: 'edit' })
    expect(act('Enter', { shift: true })).toEqual({ do: 'insertBelow' })
    expect(act('Enter', {}, { shape: 'check', writable: true })).toEqual({ do: 'toggle' })
    expect(act(' ')).toEqual({ do: 'expand' })
    expect(act('Delete')).toEqual({ do: 'clear' })
    expect(act('Backspace')).toEqual({ do: 'clear' })
    expect(act('4', {}, { shape: 'rating', writable: true })).toEqual({ do: 'rate', digit: 4 })
    expect(act('x', {}, { shape: 'rating', writable: true })).toBeUndefined()
    for (const main of [{ ctrl: true }, { meta: true }]) {
      expect(act('z', main)).toEqual({ do: 'undo' })
      expect(act('Z', { ...main, shift: true })).toEqual({ do: 'redo' })
      expect(act('y', main)).toEqual({ do: 'redo' })
      expect(act('f', main)).toEqual({ do: 'find' })
      expect(act('d', main)).toEqual({ do: 'fillDown' })
      for (const [key, form] of [
        ['F', 'filterMenu'],
        ['S', 'sortMenu'],
        ['D', 'groupMenu'],
      ] as const) {
        expect(act(key, { ...main, shift: true })).toEqual({ do: form })
      }
      expect(act(';', main)).toEqual({ do: 'now' })
    }
  })

  it('folds and opens groups with Alt and an arrow', () => {
    expect(act('ArrowLeft', { alt: true })).toEqual({ do: 'fold' })
    expect(act('ArrowRight', { alt: true })).toEqual({ do: 'unfold' })
    expect(act('ArrowRight', { alt: true, shift: true })).toBeUndefined()
  })

  it('carries records with Alt, Shift and an arrow, and turns pages aside with Alt', () => {
    expect(act('ArrowUp', { alt: true, shift: true })).toEqual({ do: 'moveUp' })
    expect(act('ArrowDown', { alt: true, shift: true })).toEqual({ do: 'moveDown' })
    expect(act('PageUp', { alt: true })).toEqual({ do: 'pageLeft' })
    expect(act('PageDown', { alt: true })).toEqual({ do: 'pageRight' })
    expect(act('End', { ctrl: true })).toEqual({ do: 'lastCell' })
  })

  it('leaves moving, selecting all and the clipboard to the surface and the browser', () => {
    for (const key of ['ArrowUp', 'Home', 'End', 'PageDown', 'Tab']) expect(act(key)).toBeUndefined()
    for (const key of ['a', 'c', 'x', 'v', 'ArrowDown']) expect(act(key, { ctrl: true })).toBeUndefined()
  })
})
