import { ApiError, explain } from '../api/client'
import type { Op } from '../api/types'
import { toast } from '../shell/toasts'
import type { Done, Outgoing } from './saveQueue'

interface Ways {
  undoAnyway(of: Done): void
  again(ops: Op[]): void
}

/** Says that the server refused a change set, and offers what can be done about it. */
export function sayRefused(set: Outgoing, error: unknown, ways: Ways): void {
  if (set.undo && error instanceof ApiError && error.status === 409) {
    const { of } = set.undo
    const by = error.body.updated_by?.name
    toast({
      text: by ? `${by} has changed this since` : 'This was changed since',
      detail: 'Undoing would overwrite the newer values.',
      tone: 'danger',
      action: { label: 'Undo anyway', run: () => ways.undoAnyway(of) },
    })
    return
  }
  const again = set.ops.length > 0 && set.temporary.length === 0
  toast({
    text: set.undo ? 'This cannot be undone' : 'Not saved: the server refused the change',
    detail: explain(error),
    tone: 'danger',
    duration: 0,
    ...(again ? { action: { label: 'Try again', run: () => ways.again([...set.ops]) } } : {}),
  })
}
