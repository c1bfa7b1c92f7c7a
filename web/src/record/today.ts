import { wallTime } from '../grid/kinds/zone'

/** The calendar day in a zone, as `2026-11-23`. */
export function todayIn(zone: string, now = new Date()): string {
  const { year, month, day } = wallTime(now, zone)
  return [String(year), String(month).padStart(2, '0'), String(day).padStart(2, '0')].join('-')
}
