import { describe, expect, it } from 'vitest'
import type { Field, Table } from '../api/types'
import { opsFor } from './restoreRecords'

const field = (id: string, kind: string, more: Partial<Field> = {}): Field =>
  ({ id, kind, name: id, options: {}, read_only: false, archived_at: null, ...more }) as Field
const table = (...fields: Field[]): Table => ({ id: 'tbl', fields }) as Table

describe('restoring records to an earlier state', () => {
  const then = table(field('a', 'text'), field('b', 'text'), field('gone', 'text'), field('made', 'created_time'))
  const now = table(
    field('a', 'text'),
    field('b', 'number'),
    field('new', 'text'),
    field('made', 'created_time', { read_only: true }),
  )
  it('writes only fields that still are what they were', () => {
    expect(opsFor(then, now, [{ id: 'r1', cells: { a: 'x', b: 'y', gone: 'z' } }], new Set())).toEqual([
      { op: 'update', table: 'tbl', records: [{ id: 'r1', cells: { a: 'x' } }] },
    ])
  })
  it('empties what was empty, and brings deleted records back first', () => {
    expect(opsFor(then, now, [{ id: 'r1', cells: {} }], new Set(['r1']))).toEqual([
      { op: 'restore', table: 'tbl', ids: ['r1'] },
      { op: 'update', table: 'tbl', records: [{ id: 'r1', cells: { a: null } }] },
    ])
  })
})
