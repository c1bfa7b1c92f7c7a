/** Entries of the feed under the day they happened on, as this person's calendar counts days. */
import type { Happening } from './types'

export interface Day {
  /** `2026-11-23`, local. */
  date: string
  /** Its own also when the same day comes again further down. */
  key: string
  label: string
  items: Happening[]
}

const WEEK = 7 * 86_400_000

function keyOf(moment: Date): string {
  const two = (number: number) => String(number).padStart(2, '0')
  return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`
}

function labelOf(moment: Date, now: Date): string {
  const key = keyOf(moment)
  if (key === keyOf(now)) return 'Today'
  const yesterday = new Date(now)
  yesterday.setDate(now.getDate() - 1)
  if (key === keyOf(yesterday)) return 'Yesterday'
  const near = Math.abs(now.getTime() - moment.getTime()) < WEEK
  const year = moment.getFullYear() === now.getFullYear() ? undefined : 'numeric'
  return near
    ? moment.toLocaleDateString('en', { weekday: 'long' })
    : moment.toLocaleDateString('en', { weekday: 'long', day: 'numeric', month: 'long', year })
}

/** The entries grouped by day, in their order; a clock that was set back opens a group of its own. */
export function byDay(items: readonly Happening[], now = new Date()): Day[] {
  const days: Day[] = []
  for (const item of items) {
    const moment = new Date(item.at)
    const date = keyOf(moment)
    const last = days.at(-1)
    const again = days.filter((day) => day.date === date).length
    if (last?.date === date) last.items.push(item)
    else days.push({ date, key: `${date} ${again}`, label: labelOf(moment, now), items: [item] })
  }
  return days
}
