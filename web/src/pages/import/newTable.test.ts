import { expect, it } from 'vitest'
import type { ImportColumn, Table, Target } from '../../api/types'
import { fitting, mappingInto, nameFor } from './newTable'

const table = {
  id: 'tbl1',
  name: 'Deals',
  primary_field: 'fld1',
  fields: [{ id: 'fld1', name: 'Name', kind: 'text' }],
} as unknown as Table
const column = (name: string) => ({ name }) as ImportColumn
const fresh = (name: string): Target => ({ to: 'new', name, kind: 'text' })

it('a table is called like its file, without what programs add to names', () => {
  expect(nameFor('Investors-Grid view.csv', [])).toBe('Investors')
  expect(nameFor('Portfolio companies-All companies (2).csv', [])).toBe('Portfolio companies')
  expect(nameFor('warm_intros.tsv', [])).toBe('Warm intros')
  expect(nameFor('.csv', [])).toBe('Table')
  expect(nameFor('deals.csv', [table])).toBe('Deals 2')
  expect(nameFor('deals.csv', [table, { ...table, name: 'deals 2' }])).toBe('Deals 3')
})

it('the first column names the records, unless another one is called so', () => {
  const first: Target = { to: 'field', field: 'fld1' }
  expect(mappingInto(table, [fresh('Company'), fresh('Town')])).toEqual([first, fresh('Town')])
  expect(mappingInto(table, [fresh('No.'), first])).toEqual([fresh('No.'), first])
})

it('the primary field is called like its column, the table as the person says, and Notes goes where nothing feeds it', () => {
  const mapping = mappingInto(table, [fresh('Company'), fresh('Town')])
  const notes = { id: 'fld2', name: 'Notes', kind: 'long_text', read_only: false, archived_at: null }
  const begun = { ...table, fields: [...table.fields, notes] } as unknown as Table
  expect(fitting(begun, 'Targets', mapping, [column('Company'), column('Town')])).toEqual([
    { op: 'update_table', table: 'tbl1', set: { name: 'Targets' } },
    { op: 'update_field', field: 'fld1', set: { name: 'Company' } },
    { op: 'archive_field', field: 'fld2' },
  ])
  expect(fitting(table, 'Deals', mapping, [column('Name'), column('Town')])).toEqual([])
})
