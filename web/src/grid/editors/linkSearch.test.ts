import { describe, expect, it } from 'vitest'
import type { Field, Table } from '../../api/types'
import { recentOf, remember, startingFirst, tellingFields } from './linkSearch'

const one = (name: string) => ({ id: `rec${name}`, name, about: '' })
const field = (id: string, kind: string, position: number, archived_at: string | null = null): Field =>
  ({ id, kind, position, archived_at }) as Field

describe('finding records to link', () => {
  it('puts names that begin with the text first and keeps the order otherwise', () => {
    const found = [one('Big Acme'), one('Zoe'), one('acme'), one('Acme Two')]
    expect(startingFirst(found, 'Acme').map(({ name }) => name)).toEqual(['acme', 'Acme Two', 'Big Acme', 'Zoe'])
    expect(startingFirst(found, '')).toEqual(found)
  })

  it('remembers the last five picks, each once, newest first', () => {
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'b']) remember('tbl', one(name))
    expect(recentOf('tbl').map(({ name }) => name)).toEqual(['b', 'f', 'e', 'd', 'c'])
    expect(recentOf('other')).toEqual([])
  })

  it('tells records apart by the first short fields that are live', () => {
    const fields = [
      field('name', 'text', 1),
      field('notes', 'long_text', 2),
      field('old', 'text', 3, '2026-01-01T00:00:00Z'),
      field('stage', 'single_select', 5),
      field('mail', 'email', 4),
    ]
    expect(tellingFields({ primary_field: 'name', fields } as Table).map(({ id }) => id)).toEqual(['mail', 'stage'])
  })
})
