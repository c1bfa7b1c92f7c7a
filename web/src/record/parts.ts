/** The parts of the record panel, and which one somebody wants to see of a record (a notification opens the comments). */
import type { RecordId } from '../api/types'

export type RecordPart = 'fields' | 'timeline' | 'tasks' | 'comments' | 'history'

let wanted: { record: RecordId; part: RecordPart } | undefined
const listeners = new Set<() => void>()

/** Has the panel of a record show this part, whether it is open or opens next. */
export function wantPart(record: RecordId, part: RecordPart): void {
  wanted = { record, part }
  for (const listener of listeners) listener()
}

/** The part to begin with; it may be asked for often, as React may draw a panel that it never shows. */
export function wantedPart(record: RecordId): RecordPart | undefined {
  return wanted?.record === record ? wanted.part : undefined
}

/** As `wantedPart`, by a panel that is on show: it has what it wanted. */
export function takeWantedPart(record: RecordId): RecordPart | undefined {
  const part = wantedPart(record)
  if (part) wanted = undefined
  return part
}

export function onWantedPart(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
