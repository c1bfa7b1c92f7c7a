import { expect, it } from 'vitest'
import type { View } from '../api/types'
import { freeName, placeBefore, sectionsOf } from './viewActions'

const view = (id: string, position: number, section = ''): View =>
  ({ id, name: id, position, section, config: {} }) as unknown as View
const views = [view('a', 1), view('b', 2, 'Deals'), view('c', 3), view('d', 4, 'Deals')]

it('finds a free name without caring for case', () => {
  expect(freeName(views, 'Grid')).toBe('Grid')
  expect(freeName([view('grid', 1), view('GRID 2', 2)], 'Grid')).toBe('Grid 3')
})

it('puts a view between its new neighbours', () => {
  expect(placeBefore(views, 'd', 'b')).toBe(1.5)
  expect(placeBefore(views, 'd', 'a')).toBe(0)
  expect(placeBefore(views, 'a', null)).toBe(5)
  expect(placeBefore(views, 'b', 'c')).toBe(2)
  expect(placeBefore([view('a', 7)], 'a', null)).toBe(0)
})

it('lists views without a section first', () => {
  expect(sectionsOf(views).map(({ name, views: members }) => [name, members.map((one) => one.id)])).toEqual([
    ['', ['a', 'c']],
    ['Deals', ['b', 'd']],
  ])
})
