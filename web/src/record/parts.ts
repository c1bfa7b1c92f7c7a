/** The parts of the record panel, and which one somebody wants to see next (a notification opens the comments). */
export type RecordPart = 'fields' | 'timeline' | 'tasks' | 'comments' | 'history'

let wanted: RecordPart | undefined
const listeners = new Set<() => void>()

/** Has the next panel, or the open one, show this part. */
export function wantPart(part: RecordPart): void {
  wanted = part
  for (const listener of listeners) listener()
}

/** Has the next panel show this part: going from record to record stays where one is. */
export function keepPart(part: RecordPart): void {
  wanted = part
}

export function takeWantedPart(): RecordPart | undefined {
  const part = wanted
  wanted = undefined
  return part
}

export function onWantedPart(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
