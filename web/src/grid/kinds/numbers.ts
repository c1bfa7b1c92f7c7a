import type { Field } from '../../api/types'
import type { Cell } from '../../store/cells'
import { EMPTY, type Kind, type KindContext, option, type Parsed, refuse, value } from './kind'

const formats = new Map<string, Intl.NumberFormat>()

/** A cached number format: building one costs more than a thousand uses. */
function formatter(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = JSON.stringify(options)
  let found = formats.get(key)
  if (!found) {
    found = new Intl.NumberFormat('en-US', options)
    formats.set(key, found)
  }
  return found
}

const SIGNS = /[\s\u00a0\u202f'’_]/g
const MAGNITUDE: Record<string, number> = { k: 1e3, m: 1e6, mm: 1e6, mn: 1e6, b: 1e9, bn: 1e9 }

/**
 * Reads a plain number the way people write them: `1,234.50`, `1 234,50`, `(12)`, `2.5m`, `$4k`.
 * A single comma or dot followed by exactly three digits counts as a thousands sign only for a comma.
 */
export function readNumber(typed: string): number | undefined {
  let rest = typed.trim().replace(SIGNS, '')
  let sign = 1
  const bracketed = /^\((.+)\)$/.exec(rest)
  if (bracketed?.[1]) {
    sign = -1
    rest = bracketed[1]
  }
  rest = rest.replace(/^([-−+]?)(?:[A-Z]{3}|\p{Sc})([-−+]?)/u, '$1$2').replace(/(?:[A-Z]{3}|\p{Sc})$/u, '')
  if (/^[-−]/.test(rest)) sign = -sign
  rest = rest.replace(/^[-−+]/, '')
  const sized = /^([\d.,]+(?:e[-+]?\d+)?)(k|mm|mn|m|bn|b)?$/i.exec(rest)
  if (!sized?.[1]) return undefined
  const digits = plain(sized[1])
  if (digits === undefined) return undefined
  const number = Number(digits)
  if (!Number.isFinite(number)) return undefined
  const scaled = number * (MAGNITUDE[sized[2]?.toLowerCase() ?? ''] ?? 1)
  return sign * (sized[2] ? Number(scaled.toPrecision(15)) : scaled)
}

/** Removes thousands signs and makes the decimal sign a dot; undefined when the signs make no sense. */
function plain(digits: string): string | undefined {
  const comma = digits.lastIndexOf(',')
  const dot = digits.lastIndexOf('.')
  if (comma < 0)
    return /^\d*\.?\d*(e[-+]?\d+)?$/i.test(digits) && /\d/.test(digits) ? digits : grouped(digits, '.', ',')
  if (dot < 0) {
    if (/^\d{1,3}(,\d{3})+$/.test(digits)) return digits.replaceAll(',', '')
    return /^\d*,\d+$/.test(digits) ? digits.replace(',', '.') : undefined
  }
  return dot > comma ? grouped(digits, ',', '.') : grouped(digits, '.', ',')
}

function grouped(digits: string, group: string, decimal: string): string | undefined {
  const [whole = '', fraction, extra] = digits.split(decimal)
  if (extra !== undefined) return undefined
  const parts = whole.split(group)
  if (parts.slice(1).some((part) => part.length !== 3 && part.length !== 2)) return undefined
  return fraction === undefined ? parts.join('') : `${parts.join('')}.${fraction}`
}

function rounded(number: number, digits: number): number {
  return Number(`${Math.round(Number(`${number}e${digits}`))}e-${digits}`)
}

function precision(field: Field, fallback: number): number {
  return option(field, 'precision', fallback)
}

function asNumber(cell: Cell): number | undefined {
  return typeof cell === 'number' ? cell : undefined
}

function parsed(typed: string, read: (rest: string) => number | undefined, example: string): Parsed {
  if (typed.trim() === '') return EMPTY
  const number = read(typed)
  return number === undefined ? refuse(`“${typed.trim()}” is not a number. Write it like ${example}.`) : value(number)
}

export const number: Kind = {
  shape: 'number',
  align: 'right',
  writable: true,
  format: (cell, { field }) => {
    const found = asNumber(cell)
    if (found === undefined) return ''
    const digits = precision(field, 0)
    return formatter({
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
      useGrouping: option(field, 'thousands', false),
    }).format(found)
  },
  edit: (cell) => (asNumber(cell) === undefined ? '' : String(cell)),
  parse: (typed) => parsed(typed, readNumber, '1,234.5'),
}

export const currency: Kind = {
  ...number,
  format: (cell, { field }) => {
    const found = asNumber(cell)
    if (found === undefined) return ''
    const digits = precision(field, 2)
    const money: Intl.NumberFormatOptions = {
      style: 'currency',
      currency: option(field, 'code', 'USD'),
      currencyDisplay: 'narrowSymbol',
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    }
    return formatter(money).format(found)
  },
  parse: (typed, { field }) => {
    const answer = parsed(typed, readNumber, '1,250,000')
    if (!answer.ok || typeof answer.value !== 'number') return answer
    return value(rounded(answer.value, precision(field, 2)))
  },
}

export const percent: Kind = {
  ...number,
  format: (cell, { field }) => {
    const found = asNumber(cell)
    if (found === undefined) return ''
    const digits = precision(field, 0)
    return formatter({ style: 'percent', minimumFractionDigits: digits, maximumFractionDigits: digits }).format(found)
  },
  edit: (cell) => {
    const found = asNumber(cell)
    return found === undefined ? '' : `${Number((found * 100).toPrecision(15))}%`
  },
  parse: (typed) => {
    const read = (rest: string): number | undefined => {
      const bare = readNumber(rest.replace(/%\s*$/, '').trim())
      return bare === undefined ? undefined : Number((bare / 100).toPrecision(15))
    }
    return parsed(typed, read, '12.5 %')
  },
}

export const autoNumber: Kind = { ...number, writable: false, format: (cell) => (cell === null ? '' : String(cell)) }

export const rating: Kind = {
  shape: 'rating',
  align: 'left',
  writable: true,
  format: (cell) => (asNumber(cell) === undefined ? '' : String(cell)),
  edit: (cell) => (asNumber(cell) === undefined ? '' : String(cell)),
  parse: (typed, context) => stars(typed, context),
}

function stars(typed: string, { field }: KindContext): Parsed {
  const bare = typed.trim()
  if (bare === '' || bare === '0') return EMPTY
  const max = option(field, 'max', 5)
  const shown = /^[★⭐]+/u.exec(bare)?.[0]
  const number = shown ? [...shown].length : readNumber(bare)
  if (number === undefined || !Number.isInteger(number) || number < 1 || number > max) {
    return refuse(`“${bare}” is not a rating. Write a whole number from 1 to ${max}.`)
  }
  return value(number)
}

const TRUE = new Set(['true', 'yes', 'y', '1', 'x', 'checked', '✓', '✔', '☑', 'on', '[x]'])
const FALSE = new Set(['', 'false', 'no', 'n', '0', 'unchecked', '☐', 'off', '[ ]'])

export const checkbox: Kind = {
  shape: 'check',
  align: 'center',
  writable: true,
  format: (cell) => (cell === true ? 'checked' : ''),
  edit: (cell) => (cell === true ? 'checked' : ''),
  parse: (typed) => {
    const word = typed.trim().toLowerCase()
    if (TRUE.has(word)) return value(true)
    if (FALSE.has(word)) return EMPTY
    return refuse(`“${typed.trim()}” is neither ticked nor unticked. Write yes or no.`)
  },
}

/** A duration in seconds, written `1:30` (hours and minutes), `1:30:15`, `90m` or `1.5h`. */
export const duration: Kind = {
  ...number,
  format: (cell, { field }) => clock(asNumber(cell), option<string>(field, 'format', 'h:mm') === 'h:mm:ss'),
  edit: (cell, { field }) => {
    const seconds = asNumber(cell)
    const exact = seconds !== undefined && seconds % 60 !== 0
    return clock(seconds, exact || option<string>(field, 'format', 'h:mm') === 'h:mm:ss')
  },
  parse: (typed) => {
    const seconds = readDuration(typed)
    if (typed.trim() === '') return EMPTY
    return seconds === undefined
      ? refuse(`“${typed.trim()}” is not a duration. Write it like 1:30, 90m or 1.5h.`)
      : value(seconds)
  },
}

function clock(seconds: number | undefined, withSeconds: boolean): string {
  if (seconds === undefined) return ''
  const sign = seconds < 0 ? '-' : ''
  const whole = Math.round(Math.abs(seconds))
  const total = withSeconds ? whole : Math.round(whole / 60) * 60
  const two = (part: number): string => String(part).padStart(2, '0')
  const hours = Math.floor(total / 3600)
  const minutes = Math.floor((total % 3600) / 60)
  return `${sign}${hours}:${two(minutes)}${withSeconds ? `:${two(total % 60)}` : ''}`
}

function readDuration(typed: string): number | undefined {
  const bare = typed.trim().toLowerCase()
  const colons = /^(-?)(\d+):([0-5]?\d)(?::([0-5]?\d))?$/.exec(bare)
  if (colons) {
    const seconds = Number(colons[2]) * 3600 + Number(colons[3]) * 60 + Number(colons[4] ?? 0)
    return colons[1] ? -seconds : seconds
  }
  const parts = [...bare.matchAll(/(\d+(?:\.\d+)?)\s*(d|h|m|s)[a-z]*/g)]
  if (parts.length > 0 && bare.replace(/(\d+(?:\.\d+)?)\s*(d|h|m|s)[a-z]*/g, '').trim() === '') {
    const unit: Record<string, number> = { d: 86400, h: 3600, m: 60, s: 1 }
    return parts.reduce((sum, part) => sum + Number(part[1]) * (unit[part[2] ?? 's'] ?? 1), 0)
  }
  const bareMinutes = /^\d+(\.\d+)?$/.exec(bare)
  return bareMinutes ? Number(bare) * 60 : undefined
}
