import type { Cell } from '../../store/cells'
import { EMPTY, type Kind, type KindContext, option, refuse, value } from './kind'
import { instantOf, wallTime } from './zone'

export type DateFormat = 'iso' | 'european' | 'us' | 'friendly'

const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
]

const two = (part: number): string => String(part).padStart(2, '0')

interface Day {
  readonly year: number
  readonly month: number
  readonly day: number
}

export function isoDay({ year, month, day }: Day): string {
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`
}

function validDay(year: number, month: number, day: number): Day | undefined {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1) return undefined
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate()
  return day > last ? undefined : { year, month, day }
}

function shifted(from: Day, days: number): Day {
  const date = new Date(Date.UTC(from.year, from.month - 1, from.day + days))
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
}

function fullYear(text: string): number {
  const year = Number(text)
  if (text.length > 2) return year
  return year < 70 ? 2000 + year : 1900 + year
}

/** Reads a day in ISO form, the field's own form, with a month's name, or as `today`, `tomorrow`, `yesterday`. */
export function readDay(typed: string, format: DateFormat, today: Day): Day | undefined {
  const bare = typed.trim().toLowerCase().replace(/\s+/g, ' ')
  const word = { today: 0, now: 0, tomorrow: 1, yesterday: -1 }[bare]
  if (word !== undefined) return shifted(today, word)
  const iso = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(bare) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(bare)
  if (iso) return validDay(Number(iso[1]), Number(iso[2]), Number(iso[3]))
  const numeric = /^(\d{1,2})[-/. ](\d{1,2})(?:[-/. ](\d{4}|\d{2}))?$/.exec(bare)
  if (numeric) {
    const year = numeric[3] ? fullYear(numeric[3]) : today.year
    const [first, second] = [Number(numeric[1]), Number(numeric[2])]
    const dayFirst = format === 'european' || bare.includes('.')
    const preferred = dayFirst ? validDay(year, second, first) : validDay(year, first, second)
    return preferred ?? (dayFirst ? validDay(year, first, second) : validDay(year, second, first))
  }
  return named(bare, today.year)
}

function named(bare: string, thisYear: number): Day | undefined {
  const clean = bare.replace(/[,.]/g, ' ').replace(/(\d)(st|nd|rd|th)\b/g, '$1')
  const words = clean.split(/[\s-]+/).filter((word) => word !== '')
  const at = words.findIndex((word) => /^[a-z]{3,}$/.test(word) && MONTHS.some((month) => month.startsWith(word)))
  if (at < 0 || words.length > 3) return undefined
  const month = MONTHS.findIndex((name) => name.startsWith(words[at] ?? '')) + 1
  const rest = words.filter((_, index) => index !== at)
  if (rest.some((word) => !/^\d+$/.test(word))) return undefined
  const year = rest.find((word) => word.length === 4) ?? rest[1]
  const day = rest.find((word) => word !== year)
  if (day === undefined) return undefined
  return validDay(year === undefined ? thisYear : fullYear(year), month, Number(day))
}

export function showDay(day: Day, format: DateFormat): string {
  const { year, month } = day
  if (format === 'european') return `${two(day.day)}/${two(month)}/${year}`
  if (format === 'us') return `${month}/${day.day}/${year}`
  if (format === 'friendly') {
    const name = MONTHS[month - 1] ?? ''
    return `${name.charAt(0).toUpperCase()}${name.slice(1, 3)} ${day.day}, ${year}`
  }
  return isoDay(day)
}

export function dayOf(cell: Cell): Day | undefined {
  const found = typeof cell === 'string' ? /^(\d{4})-(\d{2})-(\d{2})/.exec(cell) : null
  return found ? { year: Number(found[1]), month: Number(found[2]), day: Number(found[3]) } : undefined
}

/** Today in the team's zone. */
export function todayIn({ now, zone }: Pick<KindContext, 'now' | 'zone'>): Day {
  return wallTime(now(), zone)
}

const EXAMPLES: Record<DateFormat, string> = {
  iso: '2026-11-23',
  european: '23/11/2026',
  us: '11/23/2026',
  friendly: 'Nov 23, 2026',
}

function formatOf({ field }: KindContext): DateFormat {
  return option<DateFormat>(field, 'format', 'iso')
}

export const date: Kind = {
  shape: 'date',
  align: 'left',
  writable: true,
  format: (cell, context) => {
    const day = dayOf(cell)
    return day ? showDay(day, formatOf(context)) : ''
  },
  edit: (cell, context) => date.format(cell, context),
  parse: (typed, context) => {
    if (typed.trim() === '') return EMPTY
    const format = formatOf(context)
    const stamped = /^\d{4}-\d{2}-\d{2}(?=t)/i.exec(typed.trim())
    const day = readDay(stamped ? stamped[0] : typed, format, todayIn(context))
    return day ? value(isoDay(day)) : refuse(`“${typed.trim()}” is not a date. Write it like ${EXAMPLES[format]}.`)
  },
}

/** The zone a date-time field shows its moments in. */
export function zoneOf(context: KindContext): string {
  return option(context.field, 'zone', context.zone)
}

interface ClockTime {
  readonly hour: number
  readonly minute: number
  readonly second: number
}

function showTime(at: ClockTime, twelve: boolean): string {
  if (!twelve) return `${two(at.hour)}:${two(at.minute)}`
  return `${at.hour % 12 === 0 ? 12 : at.hour % 12}:${two(at.minute)}${at.hour < 12 ? 'am' : 'pm'}`
}

export function readTime(typed: string): ClockTime | undefined {
  const found = /^(\d{1,2})(?:[:.](\d{2})(?::(\d{2})(?:\.\d+)?)?)?\s*([ap])?\.?(?:m\.?)?$/i.exec(typed.trim())
  if (!found || (found[2] === undefined && found[4] === undefined)) return undefined
  let hour = Number(found[1])
  if (found[4] !== undefined) {
    if (hour < 1 || hour > 12) return undefined
    hour = (hour % 12) + (found[4].toLowerCase() === 'p' ? 12 : 0)
  }
  const [minute, second] = [Number(found[2] ?? 0), Number(found[3] ?? 0)]
  return hour > 23 || minute > 59 || second > 59 ? undefined : { hour, minute, second }
}

export const dateTime: Kind = {
  shape: 'date_time',
  align: 'left',
  writable: true,
  format: (cell, context) => {
    const instant = typeof cell === 'string' ? new Date(cell) : undefined
    if (!instant || Number.isNaN(instant.getTime())) return ''
    const wall = wallTime(instant, zoneOf(context))
    const twelve = option<string>(context.field, 'clock', '24h') === '12h'
    return `${showDay(wall, formatOf(context))} ${showTime(wall, twelve)}`
  },
  edit: (cell, context) => dateTime.format(cell, context),
  parse: (typed, context) => {
    const bare = typed.trim()
    if (bare === '') return EMPTY
    if (bare.toLowerCase() === 'now') return value(context.now().toISOString())
    if (/^\d{4}-\d{2}-\d{2}t[\d:.]+(z|[-+]\d{2}:?\d{2})$/i.test(bare)) return value(new Date(bare).toISOString())
    const format = formatOf(context)
    const today = wallTime(context.now(), zoneOf(context))
    const split = /^(.*?)[,\sT]+(?:at\s+)?(\d{1,2}(?:[:.]\d{2}){0,2}(?:\.\d+)?\s*(?:[ap]\.?m?\.?)?)$/i.exec(bare)
    const time = split?.[2] === undefined ? undefined : readTime(split[2])
    const day = time && split?.[1] ? readDay(split[1], format, today) : undefined
    if (time && day) return value(instantOf({ ...day, ...time }, zoneOf(context)).toISOString())
    const only = readDay(bare, format, today)
    if (only) return value(instantOf({ ...only, hour: 0, minute: 0, second: 0 }, zoneOf(context)).toISOString())
    const clock = readTime(bare)
    if (clock) return value(instantOf({ ...today, ...clock }, zoneOf(context)).toISOString())
    return refuse(`“${bare}” is not a date and time. Write it like ${EXAMPLES[format]} 14:30.`)
  },
}

export const stamp: Kind = { ...dateTime, writable: false }
