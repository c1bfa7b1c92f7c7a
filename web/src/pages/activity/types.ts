/** The feed as the server sends it, and the filters as the address bar holds them. */
import type { components } from '../../api/schema'

export type Feed = components['schemas']['Feed']
export type Happening = components['schemas']['Happening']
export type Part = components['schemas']['Part']

export const FILTERS = ['kind', 'by', 'table', 'record', 'start', 'end', 'text'] as const
export type Filters = Partial<Record<(typeof FILTERS)[number], string>>

/** The filters of an address. */
export function readFilters(search: string): Filters {
  const params = new URLSearchParams(search)
  return Object.fromEntries(FILTERS.flatMap((name) => (params.get(name) ? [[name, params.get(name)]] : [])))
}

/** The address of a feed with these filters. */
export function writeFilters(filters: Filters): string {
  const params = new URLSearchParams()
  for (const name of FILTERS) {
    const value = filters[name]
    if (value) params.set(name, value)
  }
  const text = params.toString()
  return text ? `/activity?${text}` : '/activity'
}

/** A sentence as plain text. */
export function sentence(item: Happening): string {
  return item.parts.map((part) => part.text).join('')
}
