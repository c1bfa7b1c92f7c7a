/** Names of earlier states: what an address says, and how people read it. */
import type { AsOf } from '../api/types'

/** `41` is a version, anything else a date or moment. */
export function asOfIn(text: string): AsOf {
  return /^\d{1,15}$/.test(text) ? { version: Number(text) } : { moment: text }
}

/** What the banner calls the state. */
export function momentWords(text: string): string {
  if (/^\d{1,15}$/.test(text)) return `in version ${Number(text).toLocaleString('en')}`
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text)
  const moment = new Date(day ? `${text}T12:00:00` : text)
  if (Number.isNaN(moment.getTime())) return `on ${text}`
  return day
    ? `at the end of ${moment.toLocaleDateString('en', { dateStyle: 'long' })}`
    : `on ${moment.toLocaleString('en', { dateStyle: 'long', timeStyle: 'short' })}`
}

/** A local calendar day, so many days ago, as `2026-11-23`. */
export function dayBefore(days: number, now = new Date()): string {
  const day = new Date(now)
  day.setDate(day.getDate() - days)
  const two = (number: number) => String(number).padStart(2, '0')
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`
}
