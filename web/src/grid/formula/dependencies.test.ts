import { describe, expect, it } from 'vitest'
import type { DependencyNode } from '../../api/formulas'
import { picture } from './dependencies'

const node = (field: string, of: string, distance: number, through: string | null = null): DependencyNode => ({
  field, table: 't', name: field, kind: 'number', through, distance, of,
}) // biome-ignore format: a table

const middle = { field: 'M', table: 't', name: 'M', kind: 'formula' }

describe('the picture of dependencies', () => {
  it('puts what is read at the left and what reads at the right, the nearest beside the middle', () => {
    const drawn = picture(middle, {
      reads: [node('A', 'M', 1), node('B', 'A', 2)],
      read_by: [node('Z', 'M', 1, 'L')],
    })
    const x = Object.fromEntries(drawn.spots.map((spot) => [spot.field, spot.x]))
    expect(x.B).toBeLessThan(x.A ?? 0)
    expect(x.A).toBeLessThan(x.M ?? 0)
    expect(x.M).toBeLessThan(x.Z ?? 0)
    expect(drawn.lines.map(({ through }) => through)).toEqual([null, null, 'L'])
    expect(drawn.spots.every((spot) => spot.x >= 0 && spot.y >= 0)).toBe(true)
  })

  it('draws a field that is reached by two ways once, with a line for each', () => {
    const drawn = picture(middle, { reads: [node('A', 'M', 1), node('B', 'M', 1), node('A', 'B', 2)], read_by: [] })
    expect(drawn.spots.map((spot) => spot.field).sort()).toEqual(['A', 'B', 'M'])
    expect(drawn.lines).toHaveLength(3)
  })

  it('shows a field alone', () => {
    expect(picture(middle, { reads: [], read_by: [] }).spots).toHaveLength(1)
  })
})
