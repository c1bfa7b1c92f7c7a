import type { Change } from '../api/types'

/** A change as the live channel tells it, of no table unless told otherwise. */
export function changeAt(version: number, tables: Change['tables'] = {}): Change {
  return { version, at: '', actor: null, source: 'grid', reason: null, schema: false, tables, names: {} }
}
