/**
 * What of a view a person may change without changing it for others, and how such unsaved changes travel in an address.
 *
 * Which records a shared view shows, in which order, groups and colours is everybody's; a change of it stays with the
 * person until it is saved. How the view is laid out (widths, order, hidden fields, row height, totals) is shared at once,
 * as in Airtable. A locked view keeps every change with the person.
 */
import type { View, ViewConfig } from '../api/types'

/** What stays unsaved in a shared view. */
const OWN_UNTIL_SAVED: readonly (keyof ViewConfig)[] = ['filter', 'sorts', 'groups', 'color']

export type Sharing = 'personal' | 'shared' | 'locked'

export function sharingOf(view: View): Sharing {
  if (view.locked) return 'locked'
  return view.owner === null ? 'shared' : 'personal'
}

/** A change in two parts: what is stored in the view at once, and what stays with the person. */
export function parted(view: View, patch: ViewConfig): { stored: ViewConfig; own: ViewConfig } {
  const sharing = sharingOf(view)
  if (sharing === 'locked') return { stored: {}, own: patch }
  if (sharing === 'personal') return { stored: patch, own: {} }
  const [stored, own]: [ViewConfig, ViewConfig] = [{}, {}]
  for (const key of keysOf(patch)) Object.assign(OWN_UNTIL_SAVED.includes(key) ? own : stored, { [key]: patch[key] })
  return { stored, own }
}

/** The members of a draft that differ from what the view holds; `undefined` when none does. */
export function differing(draft: ViewConfig | undefined, stored: ViewConfig): ViewConfig | undefined {
  if (!draft) return undefined
  const left = keysOf(draft).filter((key) => !sameSetting(draft[key], stored[key]))
  return left.length > 0 ? Object.fromEntries(left.map((key) => [key, draft[key]])) : undefined
}

/** Whether two settings mean the same: nothing, null and an empty list or condition group all say "none". */
export function sameSetting(a: unknown, b: unknown): boolean {
  return JSON.stringify(plain(a)) === JSON.stringify(plain(b))
}

function plain(value: unknown): unknown {
  if (value === undefined || value === null || value === false) return null
  if (Array.isArray(value)) return value.length === 0 ? null : value.map(ordered)
  if (typeof value !== 'object') return value
  const made = ordered(value) as Record<string, unknown>
  const keys = Object.keys(made)
  const none = keys.every((key) => plain(made[key]) === null)
  return none ? null : made
}

/** Members in one order, without those that say nothing. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, one]) => one !== undefined && one !== null && one !== false)
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, one]) => [key, ordered(one)]))
}

const keysOf = (config: ViewConfig): (keyof ViewConfig)[] => Object.keys(config) as (keyof ViewConfig)[]

/** The most an address carries; browsers and chat programs cut longer ones. */
const LONGEST = 6000

/** Unsaved changes as one word for an address; '' when there are none or too many. */
export function written(draft: ViewConfig | undefined): string {
  if (!draft || Object.keys(draft).length === 0) return ''
  const bytes = new TextEncoder().encode(JSON.stringify(draft))
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
  const word = text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
  return word.length > LONGEST ? '' : word
}

/** The unsaved changes of an address; undefined when it carries none that can be read. */
export function read(word: string | null): ViewConfig | undefined {
  if (!word) return undefined
  try {
    const text = atob(word.replaceAll('-', '+').replaceAll('_', '/'))
    const bytes = Uint8Array.from(text, (sign) => sign.charCodeAt(0))
    const found: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    return typeof found === 'object' && found !== null && !Array.isArray(found) ? known(found) : undefined
  } catch {
    return undefined
  }
}

const MEMBERS: Readonly<Record<string, (value: unknown) => boolean>> = {
  filter: (value) => value === null || isFilter(value, 0),
  sorts: isSorts,
  groups: isSorts,
  color: (value) => value === null || typeof value === 'object',
  hidden: isIds,
  order: isIds,
  widths: (value) => typeof value === 'object' && value !== null,
  totals: (value) => typeof value === 'object' && value !== null,
  frozen: (value) => typeof value === 'number',
  row_height: (value) => typeof value === 'number',
  stack: isId,
  date: isId,
  end: isId,
  cover: isId,
  cover_fit: (value) => value === 'crop' || value === 'fit',
  hide_empty: (value) => typeof value === 'boolean',
  scale: (value) => value === 'month' || value === 'week',
}

/** An address is written by anybody: only members of the right shape are taken. */
function known(found: object): ViewConfig | undefined {
  const entries = Object.entries(found).filter(([key, value]) => MEMBERS[key]?.(value))
  return entries.length > 0 ? Object.fromEntries(entries) : undefined
}

function isSorts(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof (one as { field?: unknown } | null)?.field === 'string')
}

function isIds(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === 'string')
}

function isId(value: unknown): boolean {
  return value === null || typeof value === 'string'
}

function isFilter(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null || depth > 4) return false
  const { and, or, field, op } = value as Record<string, unknown>
  const parts = and ?? or
  if (parts !== undefined) return Array.isArray(parts) && parts.every((part) => isFilter(part, depth + 1))
  return typeof field === 'string' && typeof op === 'string'
}
