/** What the charts show, out of the server's sums. Soft and hard amounts are never added to each other. */
import type { Commitments, Firmness, FundTarget, Promised } from '../../api/dashboards'
import type { AggregateAnswer, RecordId } from '../../api/types'

export interface Sum {
  readonly count: number
  readonly amount: number
}

export interface Firm {
  readonly soft: Sum
  readonly hard: Sum
}

export interface FundRow extends Firm {
  /** Null for commitments to no fund. */
  readonly id: RecordId | null
  readonly name: string
  readonly target: number | null
}

export function total(rows: readonly Promised[], state: Firmness): Sum {
  const of = rows.filter((row) => row.state === state)
  const amount = of.reduce((sum, row) => sum + row.amount, 0)
  // Cents add up exactly again after floating-point addition of major units.
  return { count: of.reduce((sum, row) => sum + row.count, 0), amount: Math.round(amount * 1e4) / 1e4 }
}

const firm = (rows: readonly Promised[]): Firm => ({ soft: total(rows, 'soft'), hard: total(rows, 'hard') })

/** Each fund in its order, and last what names no fund. */
export function byFund({ funds, promised }: Commitments): FundRow[] {
  const of = (fund: RecordId | null) => promised.filter((row) => row.fund === fund)
  const rows: FundRow[] = funds.map((fund: FundTarget) => ({ ...fund, ...firm(of(fund.id)) }))
  const rest = of(null)
  return rest.length > 0 ? [...rows, { id: null, name: 'No fund', target: null, ...firm(rest) }] : rows
}

/** What belongs to one fund, or to all; with the target that it is held against. */
export function ofFund(data: Commitments, fund: RecordId | undefined): { rows: Promised[]; target: number | null } {
  if (fund !== undefined) {
    const found = data.funds.find((one) => one.id === fund)
    return { rows: data.promised.filter((row) => row.fund === fund), target: found?.target ?? null }
  }
  const targets = data.funds.flatMap((one) => (one.target === null ? [] : [one.target]))
  return { rows: data.promised, target: targets.length > 0 ? targets.reduce((sum, one) => sum + one, 0) : null }
}

/** A step on the way to the target: a month, a closing, or what is undated. */
export interface Step extends Firm {
  readonly key: string
  readonly label: string
  /** Days from `from` to before `before`; open where undefined. */
  readonly from?: string | undefined
  readonly before?: string | undefined
  /** All steps up to this one. */
  readonly soFar: { readonly soft: number; readonly hard: number }
}

export interface Steps {
  readonly steps: Step[]
  readonly undated: Firm
}

const LONGEST = 36

/** By month without gaps; at most three years, what lies outside is gathered at the ends. */
export function byMonth(rows: readonly Promised[], today: string): Steps {
  const months = [...new Set(rows.flatMap(({ month }) => month ?? []))].sort()
  const undated = firm(rows.filter(({ month }) => month === null))
  const first = months[0]
  if (first === undefined) return { steps: [], undated }
  const newest = months.filter((month) => month <= monthFrom(today.slice(0, 7), 12)).at(-1) ?? today.slice(0, 7)
  const start = [first, monthFrom(newest, 1 - LONGEST)].sort().at(-1) ?? first
  const parts: Omit<Step, 'soFar'>[] = []
  const within = (from: string, before: string) =>
    firm(rows.filter(({ month }) => month !== null && month >= from && month < before))
  if (first < start) {
    parts.push({ key: 'earlier', label: `Before ${monthName(start)}`, before: `${start}-01`, ...within('', start) })
  }
  for (let month = start; month <= newest; month = monthFrom(month, 1)) {
    const next = monthFrom(month, 1)
    parts.push({
      ...{ key: month, label: monthName(month), from: `${month}-01`, before: `${next}-01` },
      ...within(month, next),
    })
  }
  const after = monthFrom(newest, 1)
  if (months.some((month) => month >= after)) {
    parts.push({ key: 'later', label: `After ${monthName(newest)}`, from: `${after}-01`, ...within(after, '~') })
  }
  return { steps: cumulated(parts), undated }
}

export interface NamedClosing {
  readonly id: string
  readonly name: string
}

/** By closing, in the order of the options; those with nothing in them too, because they are still to come. */
export function byClosing(rows: readonly Promised[], closings: readonly NamedClosing[]): Steps {
  const parts = closings.map(({ id, name }) => ({
    ...{ key: id, label: name },
    ...firm(rows.filter(({ closing }) => closing === id)),
  }))
  return { steps: cumulated(parts), undated: firm(rows.filter(({ closing }) => closing === null)) }
}

function cumulated(parts: readonly Omit<Step, 'soFar'>[]): Step[] {
  let [soft, hard] = [0, 0]
  return parts.map((part) => {
    soft += part.soft.amount
    hard += part.hard.amount
    return { ...part, soFar: { soft, hard } }
  })
}

/** A month so many months later: 2026-11 and 2 make 2027-01. */
export function monthFrom(month: string, by: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number)
  const at = year * 12 + number - 1 + by
  return `${String(Math.floor(at / 12)).padStart(4, '0')}-${String((at % 12) + 1).padStart(2, '0')}`
}

export function monthName(month: string): string {
  const name = new Date(`${month}-15T00:00:00Z`).toLocaleDateString('en-US', { month: 'short', timeZone: 'UTC' })
  return `${name} ${month.slice(0, 4)}`
}

export interface Silence {
  readonly label: string
  /** Days since the last contact: more than `over`, and at most `most` where there is a bound. */
  readonly over: number
  readonly most: number | undefined
  readonly count: number
}

/** Investors by how long they have heard nothing, from the threshold on; out of counts by day. */
export function bySilence(days: AggregateAnswer['groups'], today: string, threshold: number): Silence[] {
  const edges = [threshold, ...[60, 90, 180, 365].filter((edge) => edge > threshold)]
  const ages = days.flatMap(({ key: [day], count }) =>
    typeof day === 'string' ? [{ age: daysBetween(day, today), count }] : [],
  )
  return edges.map((over, at) => {
    const most = edges[at + 1]
    const inside = ages.filter(({ age }) => age > over && (most === undefined || age <= most))
    return {
      ...{ over, most, label: most === undefined ? `Over ${over} days` : `${over + 1}–${most} days` },
      count: inside.reduce((sum, { count }) => sum + count, 0),
    }
  })
}

export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000)
}
