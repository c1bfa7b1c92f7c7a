/** Edits that a closed window could not send: taken over by one window, sent once with the keys they have. */
import { type Draft, type DraftBox, isTooOld } from './drafts'
import type { SaveQueue } from './saveQueue'
import type { OpenWindows } from './windows'

/** A page that is loaded anew may start before its old window is quite gone. */
const GOING = 10_000

interface Taking {
  readonly drafts: DraftBox
  readonly windows: OpenWindows
  readonly queue: SaveQueue
  /** Takes one into the line. */
  take(draft: Draft): void
  /** Those that could arrive twice by now; they were forgotten. */
  tooOld(drafts: readonly Draft[]): void
}

/** Resolves when what was left behind is in the line; until then the line waits, so that older edits go first. */
export async function takeLeftBehind(taking: Taking): Promise<void> {
  const { windows, queue, drafts } = taking
  queue.hold()
  try {
    await windows.enter()
    await windows.alone((open) => put(taking, drafts.takeOver(open)))
  } finally {
    queue.release()
  }
  for (const owner of drafts.owners()) void takeFrom(taking, owner)
}

async function takeFrom(taking: Taking, owner: string): Promise<void> {
  const { windows, drafts } = taking
  await windows.untilGone(owner, GOING)
  await windows.alone((open) => put(taking, drafts.takeOver(open)))
}

function put({ drafts, take, tooOld }: Taking, left: readonly Draft[]): void {
  const old = left.filter((draft) => isTooOld(draft))
  for (const { key } of old) drafts.forget(key)
  for (const draft of left) if (!isTooOld(draft)) take(draft)
  if (old.length > 0) tooOld(old)
}
