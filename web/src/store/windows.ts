/** The open windows of this browser: each holds a lock for as long as it lives, however it ends. */

const WINDOW = 'crm.window.'
const TAKING = 'crm.drafts'

export class OpenWindows {
  readonly id: string
  private readonly locks: LockManager | undefined

  /** Without locks (a page that did not come by TLS) no other window is known to be open. */
  constructor(id: string, locks: LockManager | undefined) {
    this.id = id
    this.locks = locks
  }

  /** Resolves when this window counts as open; it does until it is gone. */
  async enter(): Promise<void> {
    const { locks } = this
    if (!locks) return
    await new Promise<void>((entered) => {
      void locks.request(WINDOW + this.id, () => {
        entered()
        return new Promise(() => {})
      })
    })
  }

  /** Runs in one window at a time, with the ids of those that are open. */
  async alone<T>(work: (open: ReadonlySet<string>) => T): Promise<T> {
    const { locks } = this
    if (!locks) return work(new Set([this.id]))
    return await locks.request(TAKING, async () => {
      const { held = [] } = await locks.query()
      const open = held.flatMap(({ name }) => (name?.startsWith(WINDOW) ? [name.slice(WINDOW.length)] : []))
      return work(new Set(open))
    })
  }

  /** Resolves when another window is gone, or after a while. */
  async untilGone(id: string, ms: number): Promise<void> {
    const { locks } = this
    if (!locks) return
    try {
      await locks.request(WINDOW + id, { signal: AbortSignal.timeout(ms) }, () => undefined)
    } catch {
      // It is still open.
    }
  }
}

/** The browser's locks, or none where pages may not use them. */
export function locksOrNone(): LockManager | undefined {
  return navigator.locks
}
