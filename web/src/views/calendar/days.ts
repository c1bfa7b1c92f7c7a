/** Days of a calendar: the weeks of a month, and the day of a cell in a zone. Days are text: 2026-11-23. */
import type { Field } from '../../api/types'
import { shownAs } from '../../grid/kinds/computed'
import { instantOf, wallTime } from '../../grid/kinds/zone'
import { daysFrom, monthsFrom } from '../../grid/matches'
import type { Cell } from '../../store/cells'

export type Scale = 'month' | 'week'

/** Monday is the first day of a week. */
export function weekOf(day: string): string[] {
  const weekday = (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7
  const first = daysFrom(day, -weekday)
  return Array.from({ length: 7 }, (_, at) => daysFrom(first, at))
}

/** The whole weeks that a month touches. */
export function monthOf(day: string): string[][] {
  const month = day.slice(0, 7)
  const weeks: string[][] = []
  for (
    let week = weekOf(`${month}-01`);
    week.some((one) => one.startsWith(month));
    week = weekOf(daysFrom(week[0] ?? day, 7))
  ) {
    weeks.push(week)
  }
  return weeks
}

export function weeksOf(day: string, scale: Scale): string[][] {
  return scale === 'week' ? [weekOf(day)] : monthOf(day)
}

/** Whether a text, as of an address, is a day of the calendar. */
export function isDay(text: string | undefined): text is string {
  if (text === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}

/** A day in words: “Monday 23 November”. */
export function inWords(day: string): string {
  const date = new Date(`${day}T00:00:00Z`)
  return date.toLocaleDateString('en-GB', { timeZone: 'UTC', weekday: 'long', day: 'numeric', month: 'long' })
}

/** The day that is on show after a step forwards or back. */
export function stepped(day: string, scale: Scale, by: -1 | 1): string {
  return scale === 'week' ? daysFrom(day, by * 7) : `${monthsFrom(`${day.slice(0, 7)}-01`, by).slice(0, 7)}-01`
}

/** What is on show, in words: “November 2026”, “16 – 22 November 2026”. */
export function titleOf(day: string, scale: Scale): string {
  const say = (one: string, options: Intl.DateTimeFormatOptions) =>
    new Date(`${one}T00:00:00Z`).toLocaleDateString('en-GB', { timeZone: 'UTC', ...options })
  if (scale === 'month') return say(day, { month: 'long', year: 'numeric' })
  const week = weekOf(day)
  const [first, last] = [week[0] ?? day, week[6] ?? day]
  const from =
    first.slice(0, 7) === last.slice(0, 7)
      ? say(first, { day: 'numeric' })
      : say(first, { day: 'numeric', month: 'long' })
  return `${from} – ${say(last, { day: 'numeric', month: 'long', year: 'numeric' })}`
}

export function isMoment(field: Field): boolean {
  return shownAs(field).kind !== 'date'
}

export function zoneOf(field: Field, team: string): string {
  return shownAs(field).options.zone ?? team
}

/** The day of a cell, as the clocks of the zone show it; undefined for an empty one. */
export function dayOf(value: Cell, field: Field, team: string): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined
  if (!isMoment(field)) return value.slice(0, 10)
  return today(new Date(value), zoneOf(field, team))
}

/** The day that the clocks of a zone show at an instant. */
export function today(now: Date, zone: string): string {
  const { year, month, day } = wallTime(now, zone)
  return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10)
}

/** The time of day of a moment: “09:30”. */
export function timeOf(value: Cell, field: Field, team: string): string | undefined {
  if (typeof value !== 'string' || !isMoment(field)) return undefined
  const { hour, minute } = wallTime(new Date(value), zoneOf(field, team))
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`
}

const MORNING = { hour: 9, minute: 0, second: 0 }

/** A cell put on another day: a moment keeps its time of day; one that had none is put at nine in the morning. */
export function onDay(value: Cell, day: string, field: Field, team: string): string {
  if (!isMoment(field)) return day
  const zone = zoneOf(field, team)
  const time = typeof value === 'string' && value !== '' ? wallTime(new Date(value), zone) : MORNING
  const [year = 1970, month = 1, date = 1] = day.split('-').map(Number)
  const { hour, minute, second } = time
  return instantOf({ year, month, day: date, hour, minute, second }, zone).toISOString()
}
