/** Moves that bring records into another order. */
import type { Op, RecordId, TableId } from '../../api/types'

/** The `move` operations by which `before` comes to stand as `after`; those that are only in one of them stay aside. */
export function movesBetween(table: TableId, before: readonly RecordId[], after: readonly RecordId[]): Op[] {
  const wanted = after.filter((id) => before.includes(id))
  let now = before.filter((id) => wanted.includes(id))
  const ops: Op[] = []
  for (const [at, id] of [...wanted.entries()].toReversed().slice(1)) {
    const follower = wanted[at + 1] as RecordId
    if (now.indexOf(id) < now.indexOf(follower)) continue
    now = now.filter((one) => one !== id)
    now.splice(now.indexOf(follower), 0, id)
    ops.push({ op: 'move', table, ids: [id], before: follower })
  }
  return ops
}
