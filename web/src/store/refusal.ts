import { ApiError, explain } from '../api/client'
import type { Op } from '../api/types'
import { toast } from '../shell/toasts'
import type { Draft } from './drafts'
import type { Done, Outgoing } from './saveQueue'

interface Ways {
  undoAnyway(of: Done): void
  again(ops: Op[], base: number): void
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
    ...(again ? { action: { label: 'Try again', run: () => ways.again([...set.ops], set.base) } } : {}),
  })
}

/** Says that old edits were taken out of the browser's storage unsent, and offers to send them as new ones. */
export function sayTooOld(drafts: readonly Draft[], send: () => void): void {
  const day = new Date(drafts[0]?.at ?? 0).toLocaleDateString(undefined, { dateStyle: 'medium' })
  const text =
    drafts.length === 1 ? `An edit of ${day} was not sent` : `${drafts.length} edits since ${day} were not sent`
  toast({
    text,
    detail:
      'This browser kept them for over four weeks, so they may have arrived already: look at the rows first. ' +
      'You are asked about cells that others changed since. Without sending them now they are dropped.',
    tone: 'danger',
    duration: 0,
    action: { label: 'Send them now', run: send },
  })
}
