import type { Op } from '../api/types'

/** A change set that has not been acknowledged: what is needed to send it again, once. */
export interface Draft {
  readonly key: string
  readonly user: string
  readonly at: number
  readonly base: number
  readonly ops: Op[]
  /** Temporary ids, one list per create operation, in order. */
  readonly temporary: string[][]
}

const PREFIX = 'crm.draft.'
const DAY = 24 * 60 * 60 * 1000
/** The server knows the key of a change set for 30 days; after that a second sending could arrive twice. */
const SAFE_DAYS = 29

/** The emergency copy of unsent edits in the browser's storage; a full or forbidden storage only loses the copy. */
export class DraftBox {
  private readonly storage: Storage | undefined
  private readonly user: string

  constructor(user: string, storage: Storage | undefined) {
    this.user = user
    this.storage = storage
  }

  /** Keeps a draft; false when the browser would not. */
  keep(draft: Omit<Draft, 'user'>): boolean {
    try {
      this.storage?.setItem(PREFIX + draft.key, JSON.stringify({ ...draft, user: this.user }))
      return this.storage !== undefined
    } catch {
      return false
    }
  }

  forget(key: string): void {
    try {
      this.storage?.removeItem(PREFIX + key)
    } catch {
      // A storage that cannot be written is as good as empty: the key makes a second sending harmless.
    }
  }

  /** This person's drafts left behind by a closed window, oldest first. */
  all(): Draft[] {
    const found: Draft[] = []
    for (let index = 0; index < (this.storage?.length ?? 0); index += 1) {
      const name = this.storage?.key(index)
      if (!name?.startsWith(PREFIX)) continue
      const draft = readDraft(this.storage?.getItem(name) ?? null)
      if (draft?.user === this.user) found.push(draft)
    }
    return found.sort((a, b) => a.at - b.at)
  }
}

/** Whether it is too old to be sent again without asking. */
export function isTooOld(draft: Draft, now = Date.now()): boolean {
  return !(now - draft.at < SAFE_DAYS * DAY)
}

function readDraft(text: string | null): Draft | undefined {
  try {
    const draft = JSON.parse(text ?? '') as Draft
    return Array.isArray(draft.ops) && typeof draft.key === 'string' ? draft : undefined
  } catch {
    return undefined
  }
}

/** The browser's local storage, or none where it is switched off. */
export function localStorageOrNone(): Storage | undefined {
  try {
    return window.localStorage
  } catch {
    return undefined
  }
}
