import type { Op } from '../api/types'

/** A change set that has not been acknowledged: what is needed to send it again, once. */
export interface Draft {
  readonly key: string
  readonly user: string
  /** The window it belongs to: while that is open, nobody else sends it. */
  readonly window?: string
  readonly at: number
  readonly base: number
  readonly ops: Op[]
  /** It was on its way already: under its key the server may know exactly this. */
  readonly sent?: boolean
  /** Temporary ids, one list per create operation, in order. */
  readonly temporary: string[][]
}

const PREFIX = 'crm.draft.'
/** A note beside the draft, because writing a large one again takes time. */
const SENT = 'crm.sent.'
const DAY = 24 * 60 * 60 * 1000
/** The server knows the key of a change set for 30 days; after that a second sending could arrive twice. */
const SAFE_DAYS = 29

/** The emergency copy of unsent edits in the browser's storage; a full or forbidden storage only loses the copy. */
export class DraftBox {
  private readonly storage: Storage | undefined
  private readonly user: string
  private readonly window: string | undefined

  constructor(user: string, storage: Storage | undefined, window?: string) {
    this.user = user
    this.storage = storage
    this.window = window
  }

  /** Keeps a draft; false when the browser would not. */
  keep({ key, at, base, ops, temporary }: Omit<Draft, 'user' | 'window' | 'sent'>): boolean {
    try {
      const { user, window } = this
      this.storage?.setItem(PREFIX + key, JSON.stringify({ key, at, base, ops, temporary, user, window }))
      return this.storage !== undefined
    } catch {
      return false
    }
  }

  /** Notes that a draft is on its way. */
  sent(key: string): void {
    try {
      this.storage?.setItem(SENT + key, '1')
    } catch {
      // As with a draft that could not be kept.
    }
  }

  forget(key: string): void {
    try {
      this.storage?.removeItem(PREFIX + key)
      this.storage?.removeItem(SENT + key)
    } catch {
      // A storage that cannot be written is as good as empty: the key makes a second sending harmless.
    }
  }

  /** Takes over the drafts of windows that are closed, oldest first; from now on they belong to this window. */
  takeOver(open: ReadonlySet<string>): Draft[] {
    const left = this.all().filter(({ window }) => window === undefined || !open.has(window))
    for (const draft of left) this.keep(draft)
    return left
  }

  /** Other windows that are open and have drafts. */
  owners(): string[] {
    const all = this.all().flatMap(({ window }) => (window && window !== this.window ? [window] : []))
    return [...new Set(all)]
  }

  /** This person's drafts, oldest first. */
  all(): Draft[] {
    const found: Draft[] = []
    for (let index = 0; index < (this.storage?.length ?? 0); index += 1) {
      const name = this.storage?.key(index)
      if (!name?.startsWith(PREFIX)) continue
      const draft = readDraft(this.storage?.getItem(name) ?? null)
      if (draft?.user === this.user) found.push({ ...draft, sent: this.storage?.getItem(SENT + draft.key) === '1' })
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
