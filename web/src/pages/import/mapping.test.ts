import { describe, expect, it } from 'vitest'
import type { Field, FieldKind, ImportColumn, Table, Target } from '../../api/types'
import {
  choiceOf,
  describeTarget,
  firstKey,
  foreignSign,
  keptKey,
  keyChoices,
  mappingProblems,
  openReadings,
  reachable,
  readChoice,
  withIds,
  withNewFields,
} from './mapping'

function field(id: string, key: string, name: string, kind: FieldKind = 'text', more: Partial<Field> = {}): Field {
  return {
    ...{ id, table: 'tblI', key, name, kind, description: '', options: {}, position: 0 },
    ...{ primary: false, builtin: true, read_only: false, archived_at: null },
    ...more,
  }
}

function column(index: number, name: string, suggestion: Target): ImportColumn {
  return { index, name, samples: [], empty: 0, suggestion }
}

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
  fields: [
    field('fldName', 'name', 'Name', 'text', { primary: true }),
    field('fldTags', 'tags', 'Tags', 'multi_select'),
    field('fldSite', 'website', 'Website', 'url'),
  ],
  views: [],
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
  fields: [field('fldMail', 'email', 'E-mail', 'email')],
  views: [],
}
const tables = [investors, contacts]

describe('choices', () => {
  it('reads back what it wrote, for every sort of target', () => {
    const plain = column(0, 'X', { to: 'skip' })
    const targets: Target[] = [
      { to: 'field', field: 'fldName' },
      { to: 'related', table: 'tblC', field: 'fldMail' },
      { to: 'skip' },
    ]
    for (const target of targets) expect(readChoice(choiceOf(target), plain)).toEqual(target)
  })

  it('gives a new field the suggested kind, else text under the name of the column', () => {
    const size = column(0, 'Size', { to: 'new', name: 'Size', kind: 'currency', options: { code: 'USD' } })
    expect(readChoice('new', size)).toEqual({ to: 'new', name: 'Size', kind: 'currency', options: { code: 'USD' } })
    expect(readChoice('new', column(1, 'Memo', { to: 'skip' }))).toEqual({ to: 'new', name: 'Memo', kind: 'text' })
  })

  it('keeps how the column was found to be read', () => {
    const dated = column(0, 'Closing', { to: 'new', name: 'Closing', kind: 'date', order: 'dmy' })
    expect(readChoice('field:fldName', dated)).toEqual({ to: 'field', field: 'fldName', order: 'dmy' })
    expect(withIds([{ to: 'field', field: 'website', decimal: ',' }], tables, investors)).toEqual([
      { to: 'field', field: 'fldSite', decimal: ',' },
    ])
  })

  it('asks about a reading only where the samples leave it open', () => {
    expect(openReadings('date', ['3/4/2026'])).toEqual({ order: true, decimal: false })
    expect(openReadings('date', ['2026-04-03', 'April 3, 2026'])).toEqual({ order: false, decimal: false })
    expect(openReadings('currency', ['$1,234'])).toEqual({ order: false, decimal: true })
    expect(openReadings('text', ['3/4/2026', '1,5'])).toEqual({ order: false, decimal: false })
    expect(openReadings(null, ['1,5'])).toEqual({ order: false, decimal: false })
  })

  it('notices amounts in another currency than the field’s', () => {
    const size = field('fldSize', 'check_size', 'Check size', 'currency', { options: { code: 'EUR' } })
    const all = [{ ...investors, fields: [...investors.fields, size] }]
    const target: Target = { to: 'field', field: 'fldSize' }
    expect(foreignSign(target, ['$1,000'], all)).toEqual({ sign: '$', code: 'EUR' })
    expect(foreignSign(target, ['€1,000'], all)).toBeNull()
    expect(foreignSign(target, ['1,000'], all)).toBeNull()
    expect(foreignSign({ to: 'field', field: 'fldName' }, ['$1'], all)).toBeNull()
  })

  it('brings keys and names to ids', () => {
    const given: Target[] = [
      { to: 'field', field: 'website' },
      { to: 'related', table: 'contacts', field: 'email' },
    ]
    expect(withIds(given, tables, investors)).toEqual([
      { to: 'field', field: 'fldSite' },
      { to: 'related', table: 'tblC', field: 'fldMail' },
    ])
    expect(describeTarget({ to: 'related', table: 'contacts', field: 'email' }, tables)).toBe('Contacts · E-mail')
  })
})

describe('problems', () => {
  const columns = ['A', 'B', 'C'].map((name, index) => column(index, name, { to: 'skip' }))

  it('refuses two columns into one field and names the first', () => {
    const mapping: Target[] = [{ to: 'field', field: 'fldName' }, { to: 'skip' }, { to: 'field', field: 'fldName' }]
    const problems = mappingProblems(mapping, columns, tables, investors)
    expect([...problems]).toEqual([[2, '“A” already goes to Name.']])
  })

  it('refuses a new field without a name, with a taken name, or made twice', () => {
    const mapping: Target[] = [
      { to: 'new', name: '  ', kind: 'text' },
      { to: 'new', name: 'website', kind: 'text' },
      { to: 'new', name: 'Fresh', kind: 'text' },
      { to: 'new', name: 'fresh ', kind: 'date' },
    ]
    expect([...mappingProblems(mapping, columns, tables, investors).keys()]).toEqual([0, 1, 3])
  })

  it('accepts a whole mapping', () => {
    const mapping: Target[] = [
      { to: 'field', field: 'fldName' },
      { to: 'new', name: 'Memo', kind: 'long_text' },
      { to: 'related', table: 'tblC', field: 'fldMail' },
    ]
    expect(mappingProblems(mapping, columns, tables, investors).size).toBe(0)
  })
})

describe('key', () => {
  const mapping: Target[] = [
    { to: 'field', field: 'fldName' },
    { to: 'field', field: 'fldTags' },
    { to: 'field', field: 'fldSite' },
  ]

  it('offers fed fields that can tell records apart', () => {
    expect(keyChoices(mapping, investors).map((item) => item.id)).toEqual(['fldName', 'fldSite'])
  })

  it('begins with the server’s key, then the primary field, then none', () => {
    expect(firstKey({ key: 'fldSite', status: 'read' }, mapping, investors)).toBe('fldSite')
    expect(firstKey({ key: 'fldGone', status: 'read' }, mapping, investors)).toBe('fldName')
    expect(firstKey({ key: null, status: 'read' }, mapping, investors)).toBe('fldName')
    expect(firstKey({ key: null, status: 'read' }, [{ to: 'skip' }], investors)).toBeUndefined()
  })

  it('is null only where a person chose that every row is a new record, and stays so', () => {
    expect(firstKey({ key: null, status: 'compared' }, mapping, investors)).toBeNull()
    expect(firstKey({ key: null, status: 'compared' }, [{ to: 'skip' }], investors)).toBeUndefined()
    expect(keptKey(null, mapping, investors)).toBeNull()
    expect(keptKey(undefined, mapping, investors)).toBe('fldName')
    expect(keptKey('fldSite', mapping, investors)).toBe('fldSite')
    expect(keptKey('fldSite', mapping.slice(0, 2), investors)).toBe('fldName')
  })
})

describe('tables that a row can feed', () => {
  it('are those linked with its own, and those linked with these', () => {
    const link = (to: string) => field(`fld${to}`, to, to, 'link', { options: { table: to } })
    const table = (id: string, ...to: string[]): Table => ({ ...investors, id, key: id, fields: to.map(link) })
    const tables = [table('a', 'b'), table('b', 'a', 'c'), table('c', 'b', 'd'), table('d', 'c')]
    expect(reachable(tables[0] as Table, tables).map(({ id }) => id)).toEqual(['b', 'c'])
  })
})

it('all new fields are skipped and taken again at once', () => {
  const made: Target = { to: 'new', name: 'Town', kind: 'text' }
  const named: Target = { to: 'field', field: 'fldName' }
  const columns = [column(0, 'Name', named), column(1, 'Town', made), column(2, 'Odd', { to: 'skip' })]
  const mapping = columns.map((one) => one.suggestion)
  const skipped = withNewFields(mapping, columns, false)
  expect(skipped).toEqual([named, { to: 'skip' }, { to: 'skip' }])
  expect(withNewFields(skipped, columns, true)).toEqual(mapping)
})
