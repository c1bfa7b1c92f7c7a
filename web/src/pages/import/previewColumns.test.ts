import { describe, expect, it } from 'vitest'
import type { Field, FieldKind, ImportRow, Table, Target } from '../../api/types'
import { cellOf, cellPills, cellText, impliedColumns, mostChangedFirst, previewColumns } from './previewColumns'

function field(id: string, name: string, kind: FieldKind, options: Field['options'] = {}): Field {
  return {
    ...{ id, table: 'tblI', key: null, name, kind, description: '', options, position: 0 },
    ...{ primary: false, builtin: true, read_only: false, archived_at: null },
  }
}

const stage = field('fldStage', 'Stage', 'single_select', { choices: [{ id: 'opt1', name: 'Meeting', color: 'teal' }] })
const people = field('fldPeople', 'Contacts', 'link', { table: 'tblC', many: true })
const investors: Table = {
  ...{
    id: 'tblI',
    key: 'investors',
    name: 'Investors',
    name_one: 'Investor',
    builtin: true,
    position: 0,
    primary_field: 'fldName',
  },
  ...{ fields: [field('fldName', 'Name', 'text'), stage, people], views: [] },
}
const contacts: Table = {
  ...{
    id: 'tblC',
    key: 'contacts',
    name: 'Contacts',
    name_one: 'Contact',
    builtin: true,
    position: 1,
    primary_field: 'fldCName',
  },
  ...{ fields: [field('fldMail', 'E-mail', 'email'), field('fldOf', 'Investor', 'link')], views: [] },
}
const tables = [investors, contacts]
const mapping: Target[] = [
  { to: 'field', field: 'fldName' },
  { to: 'skip' },
  { to: 'field', field: 'fldStage' },
  { to: 'related', table: 'tblC', field: 'fldMail' },
  { to: 'new', name: 'Source', kind: 'single_select' },
]
const row = (...fields: string[]): ImportRow => ({
  ...{ line: 2, outcome: 'update', name: 'Acorn', errors: [] },
  cells: fields.map((name) => ({ field: name, before: null, after: 'x', conflict: false })),
})
const wording = { zone: 'UTC', names: { recA: 'Ada' }, users: [] }

describe('columns', () => {
  const used = previewColumns(mapping, tables, investors)

  it('follow the file, without what is skipped', () => {
    expect(used.map((column) => column.title)).toEqual(['Name', 'Stage', 'Contacts · E-mail', 'Source'])
    expect(used.at(-1)).toMatchObject({ field: 'Source', isNew: true })
  })

  it('are added for cells the file does not name', () => {
    const rows = [row('fldStage', 'fldOf'), row('Source', 'fldPeople')]
    expect(impliedColumns(used, rows, tables, investors).map((column) => column.title)).toEqual([
      'Contacts',
      'Contacts · Investor',
    ])
  })

  it('come with the most changed first', () => {
    const rows = [row('Source', 'fldMail'), row('Source')]
    expect(mostChangedFirst(used, rows).map((column) => column.field)).toEqual([
      'Source',
      'fldMail',
      'fldName',
      'fldStage',
    ])
  })
})

describe('conflicts', () => {
  const used = previewColumns(mapping, tables, investors)
  const kept = { field: 'fldMail', before: 'a@acorn.example', after: 'b@acorn.example', conflict: true }

  it('bring their column to the front', () => {
    const rows = [row('Source', 'fldStage'), row('Source', 'fldStage'), { ...row('Source'), cells: [kept] }]
    expect(mostChangedFirst(used, rows).map((column) => column.field)).toEqual([
      'fldMail',
      'fldStage',
      'Source',
      'fldName',
    ])
  })

  it('are what is shown of a field that has more than one cell in the row', () => {
    const mail = used.find((column) => column.field === 'fldMail')
    const both = { ...row('fldMail'), cells: [{ ...kept, after: 'c@acorn.example', conflict: false }, kept] }
    expect(mail && cellOf(both, mail)).toBe(kept)
  })
})

describe('cells', () => {
  it('show options by name, also those still to be made', () => {
    expect(cellPills('opt1', stage)).toEqual([{ name: 'Meeting', color: 'teal' }])
    expect(cellPills('Fresh', stage)).toEqual([{ name: 'Fresh', color: 'gray' }])
    expect(cellText(['opt1', 'Fresh'], { ...stage, kind: 'multi_select' }, wording)).toBe('Meeting, Fresh')
  })

  it('show linked records by name, also those still to be made', () => {
    expect(cellText(['recA', 'Grace'], people, wording)).toBe('Ada, Grace')
    expect(cellText(null, people, wording)).toBe('')
  })
})
