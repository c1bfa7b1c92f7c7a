import { describe, expect, it } from 'vitest'
import type { Field, FieldKind, FieldOptions } from '../../api/types'
import type { Cell } from '../../store/cells'
import { paintOf } from '../cellPaint'
import { aggregatesOf } from '../footer/aggregates'
import { operatorsOf } from '../toolbar/conditions'
import { canWrite, KINDS, type KindContext, kindOf } from '.'
import { shownAs, startingOptions } from './computed'

function context(kind: FieldKind, options: FieldOptions = {}): KindContext {
  const field: Field = {
    id: 'fld1',
    table: 'tbl1',
    key: null,
    name: 'Thing',
    kind,
    description: '',
    options,
    position: 1,
    primary: false,
    builtin: false,
    read_only: false,
    archived_at: null,
  }
  return {
    field,
    zone: 'Europe/London',
    now: () => new Date('2026-11-23T10:15:00Z'),
    nameOf: (id) => ({ rec00000000000001: 'Ana Lind', rec00000000000002: 'Lind, Bo' })[id],
    users: [{ id: 'usr1', name: 'Jane Doe', email: 'jane@fund.vc', role: 'admin', active: true }],
  }
}

const parse = (kind: FieldKind, text: string, options?: FieldOptions) => {
  const at = context(kind, options)
  return kindOf(at.field).parse(text, at)
}
const value = (kind: FieldKind, text: string, options?: FieldOptions): Cell => {
  const parsed = parse(kind, text, options)
  if (!parsed.ok) throw new Error(parsed.message)
  return parsed.value
}
const format = (kind: FieldKind, cell: Cell, options?: FieldOptions): string => {
  const at = context(kind, options)
  return kindOf(at.field).format(cell, at)
}

describe('numbers', () => {
  it.each([
    ['1,234.50', 1234.5],
    ['1.234,50', 1234.5],
    ['1 234,5', 1234.5],
    ['(12)', -12],
    ['-$1,000', -1000],
    ['$2.5m', 2_500_000],
    ['250k', 250_000],
    ['€ 3,000,000', 3_000_000],
    ['USD 12', 12],
    ['.5', 0.5],
    ['1e3', 1000],
    ['−7', -7],
  ])('reads %s', (text, wanted) => expect(value('number', text)).toBe(wanted))

  it.each(['abc', '12abc', '1.2.3.4x', '--', '1,2,3,'])('refuses %s with a message', (text) => {
    const parsed = parse('number', text)
    expect(parsed.ok).toBe(false)
    expect(!parsed.ok && parsed.message).toContain('is not a number')
  })

  it('shows precision and thousands as the field says', () => {
    expect(format('number', 1234.5, { precision: 2, thousands: true })).toBe('1,234.50')
    expect(format('number', 1234.5, { precision: 0, thousands: false })).toBe('1235')
  })

  it('keeps money exact to its precision', () => {
    expect(value('currency', '1.005', { precision: 2 })).toBe(1.01)
    expect(format('currency', 1_250_000, { code: 'EUR', precision: 0 })).toBe('€1,250,000')
    expect(format('currency', -5, { code: 'USD', precision: 2 })).toBe('-$5.00')
  })

  it('takes percents as fractions', () => {
    expect(value('percent', '12.5 %')).toBe(0.125)
    expect(value('percent', '7')).toBe(0.07)
    expect(format('percent', 0.125, { precision: 1 })).toBe('12.5%')
    expect(kindOf(context('percent').field).edit(0.29, context('percent'))).toBe('29%')
  })

  it('limits ratings to the stars there are', () => {
    expect(value('rating', '4', { max: 5 })).toBe(4)
    expect(value('rating', '★★★', { max: 5 })).toBe(3)
    expect(value('rating', '0', { max: 5 })).toBeNull()
    expect(parse('rating', '6', { max: 5 }).ok).toBe(false)
    expect(parse('rating', '2.5', { max: 5 }).ok).toBe(false)
  })

  it('reads ticks in the words of other programs', () => {
    for (const yes of ['checked', 'TRUE', 'yes', '1', 'x', '✓']) expect(value('checkbox', yes)).toBe(true)
    for (const no of ['', 'false', 'No', '0']) expect(value('checkbox', no)).toBeNull()
    expect(parse('checkbox', 'perhaps').ok).toBe(false)
  })

  it('reads and shows durations', () => {
    expect(value('duration', '1:30')).toBe(5400)
    expect(value('duration', '1:30:15')).toBe(5415)
    expect(value('duration', '90m')).toBe(5400)
    expect(value('duration', '1h 30m')).toBe(5400)
    expect(value('duration', '1.5h')).toBe(5400)
    expect(format('duration', 5415, { format: 'h:mm:ss' })).toBe('1:30:15')
    expect(format('duration', -5400, { format: 'h:mm' })).toBe('-1:30')
    expect(parse('duration', 'long').ok).toBe(false)
  })
})

describe('dates', () => {
  it.each([
    ['2026-11-23', 'us'],
    ['20261123', 'iso'],
    ['11/23/2026', 'us'],
    ['23/11/2026', 'european'],
    ['23.11.2026', 'us'],
    ['Nov 23, 2026', 'iso'],
    ['23 november 2026', 'us'],
    ['November 23rd 2026', 'us'],
    ['23-Nov-26', 'us'],
    ['today', 'iso'],
    ['2026-11-23T09:30:00.000Z', 'iso'],
  ])('reads %s in %s', (text, form) => expect(value('date', text, { format: form })).toBe('2026-11-23'))

  it('reads day and month in the order of the field, and the other way when only that exists', () => {
    expect(value('date', '03/04/2026', { format: 'us' })).toBe('2026-03-04')
    expect(value('date', '03/04/2026', { format: 'european' })).toBe('2026-04-03')
    expect(value('date', '25/12/2026', { format: 'us' })).toBe('2026-12-25')
  })

  it.each(['2026-02-30', '31/04/2026', 'soon', '2026-13-01', '1'])('refuses %s', (text) =>
    expect(parse('date', text).ok).toBe(false),
  )

  it('shows every format', () => {
    expect(format('date', '2026-03-04', { format: 'friendly' })).toBe('Mar 4, 2026')
    expect(format('date', '2026-03-04', { format: 'us' })).toBe('3/4/2026')
    expect(format('date', '2026-03-04', { format: 'european' })).toBe('04/03/2026')
  })

  it('means the zone of the field, or the zone of the team', () => {
    expect(value('date_time', '2026-07-01 14:30', { zone: null })).toBe('2026-07-01T13:30:00.000Z')
    expect(value('date_time', '2026-07-01 14:30', { zone: 'America/New_York' })).toBe('2026-07-01T18:30:00.000Z')
    expect(value('date_time', '7/1/2026 2:30pm', { format: 'us', zone: 'UTC' })).toBe('2026-07-01T14:30:00.000Z')
    expect(value('date_time', 'Jul 1, 2026, 9 am', { zone: 'UTC' })).toBe('2026-07-01T09:00:00.000Z')
    expect(value('date_time', '2026-07-01', { zone: 'UTC' })).toBe('2026-07-01T00:00:00.000Z')
    expect(value('date_time', '08:00', { zone: 'UTC' })).toBe('2026-11-23T08:00:00.000Z')
    expect(value('date_time', '2026-07-01T09:30:00+02:00')).toBe('2026-07-01T07:30:00.000Z')
  })

  it('gives back what it shows', () => {
    for (const form of ['iso', 'european', 'us', 'friendly']) {
      for (const clock of ['24h', '12h'] as const) {
        const options: FieldOptions = { format: form, clock, zone: 'Asia/Tokyo' }
        const shown = format('date_time', '2026-07-01T13:30:00.000Z', options)
        expect(value('date_time', shown, options)).toBe('2026-07-01T13:30:00.000Z')
      }
    }
  })

  it('puts a time that a clock change skips after the gap', () => {
    expect(value('date_time', '2026-03-29 01:30', { zone: 'Europe/London' })).toBe('2026-03-29T01:30:00.000Z')
  })
})

describe('choices, people and links', () => {
  const choices = [
    { id: 'opt1', name: 'Meeting', color: 'blue' },
    { id: 'opt2', name: 'Soft, circled', color: 'green' },
  ]

  it('finds options by name without regard to case', () => {
    expect(value('single_select', 'meeting', { choices })).toBe('opt1')
    expect(value('multi_select', 'Meeting, "Soft, circled"', { choices })).toEqual(['opt1', 'opt2'])
  })

  it('names options it does not know, so that they can be offered', () => {
    const parsed = parse('multi_select', 'Meeting, Lunch', { choices })
    expect(!parsed.ok && parsed.unknown).toEqual(['Lunch'])
  })

  it('gives back what it shows', () => {
    const shown = format('multi_select', ['opt1', 'opt2'], { choices })
    expect(shown).toBe('Meeting, "Soft, circled"')
    expect(value('multi_select', shown, { choices })).toEqual(['opt1', 'opt2'])
  })

  it('finds people by name or address', () => {
    expect(value('user', 'JANE@fund.vc')).toBe('usr1')
    expect(value('user', 'jane doe')).toBe('usr1')
    expect(parse('user', 'nobody').ok).toBe(false)
    expect(format('user', 'usr9')).toBe('Former user')
  })

  it('shows links by name and names those it cannot find', () => {
    expect(format('link', ['rec00000000000001', 'rec00000000000002'])).toBe('Ana Lind, "Lind, Bo"')
    const parsed = parse('link', 'Ana Lind, "Lind, Bo"')
    expect(!parsed.ok && parsed.unknown).toEqual(['Ana Lind', 'Lind, Bo'])
    expect(value('link', 'rec00000000000001')).toEqual(['rec00000000000001'])
  })
})

describe('text and addresses', () => {
  it('keeps one line in one line and lines in long text', () => {
    expect(value('text', ' a\r\nb ')).toBe('a b')
    expect(value('long_text', 'a\r\nb')).toBe('a\nb')
  })

  it('checks addresses and says how they look', () => {
    expect(value('email', 'mailto:a@b.co')).toBe('a@b.co')
    expect(parse('email', 'a@b').ok).toBe(false)
    expect(value('url', 'example.com')).toBe('example.com')
    expect(parse('url', 'two words').ok).toBe(false)
    expect(value('phone', '+44 (20) 7946-0000')).toBe('+44 (20) 7946-0000')
    expect(parse('phone', 'call me').ok).toBe(false)
  })

  it('takes empty text as an empty cell in every kind that can be written', () => {
    for (const [name, kind] of Object.entries(KINDS)) {
      if (!kind.writable) continue
      expect(value(name as FieldKind, '  '), name).toBeNull()
      expect(format(name as FieldKind, null), name).toBe('')
    }
  })
})

describe('computed fields', () => {
  const computed = (options: object, kind: FieldKind = 'formula'): Field => ({
    ...context(kind, options).field,
    read_only: true,
  })
  const within = (field: Field): KindContext => ({ ...context(field.kind), field })
  const money = computed({ formula: '1', result: 'currency', format: { code: 'EUR', precision: 0 }, many: false })

  it('look, filter and sort like their result, and are never written', () => {
    expect(shownAs(money)).toMatchObject({ kind: 'currency', read_only: true, options: { code: 'EUR' } })
    expect(kindOf(money).format(1234, within(money))).toBe('€1,234')
    expect(kindOf(money).align).toBe('right')
    expect(canWrite(money)).toBe(false)
    expect(operatorsOf(money)).toContain('>=')
    expect(aggregatesOf(money)).toContain('sum')
  })

  it('say what is wrong with a cell in error', () => {
    const broken = { error: { kind: 'divide_by_zero', message: 'Division by {A}.', shown: 'Infinity' } } as never
    expect(kindOf(money).format(broken, within(money))).toBe('Infinity')
    expect(paintOf(broken, within(money))).toEqual({
      kind: 'error',
      text: 'Infinity',
      message: 'Division by {A}.',
      align: 'right',
    })
  })

  it('show lists item by item and take them for their text', () => {
    const choices = [{ id: 'opt1', name: 'Hot', color: 'red' }]
    const list = computed({ result: 'single_select', format: { choices }, many: true }, 'lookup')
    expect(shownAs(list).kind).toBe('text')
    expect(kindOf(list).format(['opt1', null] as never, within(list))).toBe('Hot')
    expect(paintOf(['opt1'], within(list))).toMatchObject({ kind: 'pills', pills: [{ text: 'Hot', color: 'red' }] })
    const numbers = computed({ result: 'currency', format: { code: 'USD', precision: 0 }, many: true }, 'lookup')
    expect(paintOf([1, 2] as never, within(numbers))).toMatchObject({ kind: 'chips', names: ['$1', '$2'] })
  })

  it('give the dialog only what a person sets', () => {
    expect(startingOptions(money)).toEqual({ formula: '1', format: { kind: 'currency', code: 'EUR', precision: 0 } })
  })
})
