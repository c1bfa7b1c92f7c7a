/** A wall-clock moment: what a calendar and a clock on the wall of some zone show. */
export interface WallTime {
  readonly year: number
  /** 1 to 12. */
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
}

const formats = new Map<string, Intl.DateTimeFormat>()

function parts(zone: string): Intl.DateTimeFormat {
  let found = formats.get(zone)
  if (!found) {
    const numeric = { year: 'numeric', month: 'numeric', day: 'numeric' } as const
    const time = { hour: 'numeric', minute: 'numeric', second: 'numeric', hourCycle: 'h23' } as const
    try {
      found = new Intl.DateTimeFormat('en-US', { timeZone: zone, ...numeric, ...time })
    } catch {
      found = new Intl.DateTimeFormat('en-US', { timeZone: 'UTC', ...numeric, ...time })
    }
    formats.set(zone, found)
  }
  return found
}

/** What the clocks of `zone` show at an instant. */
export function wallTime(instant: Date, zone: string): WallTime {
  const found: Record<string, number> = {}
  for (const part of parts(zone).formatToParts(instant)) found[part.type] = Number(part.value)
  const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = found
  return { year, month, day, hour, minute, second }
}

/** The instant at which the clocks of `zone` show `wall`; in the gap of a clock change, the moment after it. */
export function instantOf(wall: WallTime, zone: string): Date {
  const { year, month, day, hour, minute, second } = wall
  const naive = utc(year, month, day, hour, minute, second)
  const offset = offsetAt(naive, zone)
  const first = naive - offset
  const settled = offsetAt(first, zone)
  return new Date(settled === offset ? first : naive - settled)
}

function offsetAt(instant: number, zone: string): number {
  const { year, month, day, hour, minute, second } = wallTime(new Date(instant), zone)
  return utc(year, month, day, hour, minute, second) - Math.floor(instant / 1000) * 1000
}

function utc(year: number, month: number, day: number, hour: number, minute: number, second: number): number {
  const date = new Date(Date.UTC(2000, month - 1, day, hour, minute, second))
  date.setUTCFullYear(year, month - 1, day)
  return date.getTime()
}
