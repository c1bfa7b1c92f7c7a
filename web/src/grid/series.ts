/** What goes on after a few values: numbers, days and months, weekdays, names of months, and text that ends in a number. */
import type { Cell } from '../store/cells'
import { instantOf, wallTime } from './kinds/zone'

/** The value at a place counted from the first given one; negative before it. */
export type Series = (place: number) => Cell

const DAY = 86_400_000
const NUMBERS = ['number', 'currency', 'percent', 'duration']

/**
 * The series that the values of one field begin, or undefined where they only repeat. One number or date alone repeats,
 * as in Airtable; one weekday, month or “Fund 1” goes on.
 */
export function seriesOf(values: readonly Cell[], kind: string, zone: string): Series | undefined {
  if (values.some((value) => value === null)) return undefined
  if (NUMBERS.includes(kind)) return ofNumbers(values)
  if (kind === 'date') return ofDays(values)
  if (kind === 'date_time') return ofMoments(values, zone)
  if (kind === 'text') return ofNames(values) ?? ofNumbered(values)
  return undefined
}

/** The even step between numbers, of which there are at least two. */
function stepOf(numbers: readonly number[]): number | undefined {
  const [first, second] = numbers
  if (first === undefined || second === undefined) return undefined
  const step = second - first
  const near = 1e-9 * Math.max(1, ...numbers.map(Math.abs))
  return numbers.every((one, at) => Math.abs(one - (first + step * at)) <= near) ? step : undefined
}

function ofNumbers(values: readonly Cell[]): Series | undefined {
  const numbers = values.filter((value) => typeof value === 'number')
  const step = numbers.length === values.length ? stepOf(numbers) : undefined
  const first = numbers[0]
  if (step === undefined || first === undefined) return undefined
  // Fifteen digits: 0.1 and 0.2 go on with 0.3, not with 0.30000000000000004.
  return (place) => Number((first + step * place).toPrecision(15))
}

/** Days in an even step of days, or of months on the same day; from one month's last day to the next one's. */
function ofDays(values: readonly Cell[]): Series | undefined {
  const days = values.map(dayNumber)
  const found = days.filter((one) => one !== undefined)
  const first = found[0]
  if (found.length !== values.length || first === undefined) return undefined
  const months = ofMonths(found)
  const step = months ? undefined : stepOf(found)
  if (months) return (place) => isoOf(months(place))
  return step === undefined ? undefined : (place) => isoOf(first + step * place)
}

function ofMonths(days: readonly number[]): ((place: number) => number) | undefined {
  const dates = days.map((one) => new Date(one * DAY))
  const [start] = dates
  const step = stepOf(dates.map((one) => one.getUTCFullYear() * 12 + one.getUTCMonth()))
  if (!start || !step) return undefined
  const ends = dates.every((one) => new Date(one.getTime() + DAY).getUTCDate() === 1)
  const wanted = Math.max(...dates.map((one) => one.getUTCDate()))
  const at = (place: number): number => {
    const month = start.getUTCMonth() + step * place
    const last = new Date(Date.UTC(start.getUTCFullYear(), month + 1, 0)).getUTCDate()
    return Date.UTC(start.getUTCFullYear(), month, ends ? last : Math.min(wanted, last)) / DAY
  }
  return days.every((one, place) => one === at(place)) ? at : undefined
}

function dayNumber(value: Cell): number | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return undefined
  const at = Date.parse(`${value}T00:00:00Z`)
  return Number.isNaN(at) ? undefined : at / DAY
}

/** Beyond the years that can be written there is nothing. */
function isoOf(day: number): Cell {
  const date = new Date(Math.round(day) * DAY)
  const year = date.getUTCFullYear()
  return Number.isNaN(year) || year < 1 || year > 9999 ? null : date.toISOString().slice(0, 10)
}

/** Moments whose clocks in the zone are an even step apart, so that 9:00 stays 9:00 when the clocks change. */
function ofMoments(values: readonly Cell[], zone: string): Series | undefined {
  const walls = values.map((value) => {
    const at = typeof value === 'string' ? new Date(value) : undefined
    if (!at || Number.isNaN(at.getTime())) return undefined
    const { year, month, day, hour, minute, second } = wallTime(at, zone)
    return Date.UTC(year, month - 1, day, hour, minute, second)
  })
  const found = walls.filter((one) => one !== undefined)
  const step = found.length === values.length ? stepOf(found) : undefined
  const first = found[0]
  if (step === undefined || first === undefined) return undefined
  return (place) => {
    const kept = values[place]
    if (kept !== undefined) return kept
    const wall = new Date(first + step * place)
    const year = wall.getUTCFullYear()
    if (Number.isNaN(year) || year < 1 || year > 9999) return null
    const [month, day] = [wall.getUTCMonth() + 1, wall.getUTCDate()]
    const clock = { hour: wall.getUTCHours(), minute: wall.getUTCMinutes(), second: wall.getUTCSeconds() }
    return instantOf({ year, month, day, ...clock }, zone).toISOString()
  }
}

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']
const MONTHS = 'January February March April May June July August September October November December'.split(' ')
const short = (names: readonly string[]): string[] => names.map((name) => name.slice(0, 3))
/** The full names first: “May” is both. */
const LISTS = [WEEKDAYS, MONTHS, short(WEEKDAYS), short(MONTHS), ['Q1', 'Q2', 'Q3', 'Q4']]

const wrap = (index: number, length: number): number => ((index % length) + length) % length

function ofNames(values: readonly Cell[]): Series | undefined {
  const words = values.map((value) => (typeof value === 'string' ? value.trim() : ''))
  for (const names of LISTS) {
    const places = words.map((word) => names.findIndex((name) => name.toLowerCase() === word.toLowerCase()))
    const [first = -1, second] = places
    if (places.includes(-1)) continue
    const step = second === undefined ? 1 : wrap(second - first, names.length)
    const even = places.every((place, at) => place === wrap(first + step * at, names.length))
    if (!even || step === 0) continue
    const written = caseOf(words[0] ?? '')
    return (place) => values[place] ?? written(names[wrap(first + step * place, names.length)] ?? '')
  }
  return undefined
}

/** Writes further words as the first one is: MON, mon or Mon. */
function caseOf(word: string): (name: string) => string {
  if (word === word.toUpperCase()) return (name) => name.toUpperCase()
  if (word === word.toLowerCase()) return (name) => name.toLowerCase()
  return (name) => name
}

/** Text that differs in one number only: “Fund 1”, “Fund 2”; “A-09”, “A-10”. The last number counts. */
function ofNumbered(values: readonly Cell[]): Series | undefined {
  const parts = values.map((value) => (typeof value === 'string' ? /^(.*?)(\d+)(\D*)$/s.exec(value) : null))
  const [first] = parts
  if (!first) return undefined
  const [, before = '', digits = '', after = ''] = first
  if (parts.some((part) => part?.[1] !== before || part[3] !== after)) return undefined
  // Numbers of any length: an account number has more digits than a float.
  const numbers = parts.map((part) => BigInt(part?.[2] ?? 0))
  const [start = 0n, second] = numbers
  const step = second === undefined ? 1n : second - start
  if (step === 0n || numbers.some((number, at) => number !== start + step * BigInt(at))) return undefined
  const padded = parts.some((part) => part?.[2]?.startsWith('0') && part[2].length > 1)
  const width = padded ? digits.length : 0
  return (place) => {
    const kept = values[place]
    if (kept !== undefined) return kept
    const number = start + step * BigInt(place)
    // Below nought it counts upwards again, as spreadsheets do: the minus would look like part of the name.
    return `${before}${String(number < 0n ? -number : number).padStart(width, '0')}${after}`
  }
}
