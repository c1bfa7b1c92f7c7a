/** By how much to scroll so that what is on screen stays where it is while rows come and go around it. */
import type { RecordId } from '../api/types'

/** A record on screen: its row, and how many pixels lie above it in the table. */
export interface Seen {
  readonly id: RecordId
  readonly row: number
  readonly top: number
}

/** Shares of what is on screen: the active cell decides when so many went with it, or when it did not go far. */
const COMPANY = 0.25
const NEAR = 0.5

/**
 * In pixels, 0 for none. Most of what is on screen stays still: a record that is sorted away does not take the
 * screen along, and rows put in above do not push it down.
 */
export function scrollFor(
  seen: readonly Seen[],
  active: RecordId | undefined,
  rowOf: (id: RecordId) => number | undefined,
  topOf: (row: number) => number,
): number {
  const steps = seen.flatMap((one) => {
    const row = rowOf(one.id)
    return row === undefined ? [] : [{ one, row, by: row - one.row }]
  })
  // Asked of one record alone: what lies above a row takes long to sum up in a long grouped table.
  const pixels = ({ one, row }: (typeof steps)[number]) => topOf(row) - one.top
  const counts = new Map<number, number>()
  for (const { by } of steps) counts.set(by, (counts.get(by) ?? 0) + 1)
  const own = steps.find(({ one }) => one.id === active)
  if (own && (Math.abs(own.by) <= steps.length * NEAR || (counts.get(own.by) ?? 0) > steps.length * COMPANY)) {
    return pixels(own)
  }
  let best: (typeof steps)[number] | undefined
  for (const step of steps) {
    const [more, most] = [counts.get(step.by) ?? 0, best ? (counts.get(best.by) ?? 0) : 0]
    if (more > most || (more === most && best && Math.abs(step.by) < Math.abs(best.by))) best = step
  }
  return best ? pixels(best) : 0
}
