/** What this browser remembers of a person's views: unsaved changes, the view last seen, what is folded up. */
import { create } from 'zustand'
import { persist } from 'zustand/middleware'
import type { TableId, UserId, ViewConfig, ViewId } from '../api/types'

/** Folded groups of records: `all` but those named, or only those named. */
export interface Folded {
  readonly all: boolean
  readonly except: readonly string[]
}

interface ViewMemory {
  /** Unsaved changes by `user/view`. */
  readonly drafts: Readonly<Record<string, ViewConfig>>
  /** The view last seen by `user/table`. */
  readonly last: Readonly<Record<string, ViewId>>
  /** Folded groups and stacks by `user/view`. */
  readonly folded: Readonly<Record<string, Folded>>
  /** Folded sections of the list by `user/table/name`. */
  readonly sections: Readonly<Record<string, true>>
  /** Whether the list of views is shown. */
  readonly listed: boolean
}

/** On a narrow window the list lies over the records, so that it opens only when asked for. */
export const isNarrow = (): boolean => window.innerWidth <= 900

export const useViewMemory = create<ViewMemory>()(
  persist((): ViewMemory => ({ drafts: {}, last: {}, folded: {}, sections: {}, listed: true }), {
    name: 'crm.views',
    merge: (kept, fresh) => {
      const before = { ...fresh, ...(kept as Partial<ViewMemory>) }
      return { ...before, listed: before.listed && !isNarrow() }
    },
  }),
)

const keyed = (user: UserId, rest: string): string => `${user}/${rest}`

export function useDraft(user: UserId, view: ViewId | undefined): ViewConfig | undefined {
  return useViewMemory((state) => (view === undefined ? undefined : state.drafts[keyed(user, view)]))
}

export function keepDraft(user: UserId, view: ViewId, draft: ViewConfig | undefined): void {
  useViewMemory.setState(({ drafts }) => {
    const { [keyed(user, view)]: _, ...rest } = drafts
    return { drafts: draft ? { ...rest, [keyed(user, view)]: draft } : rest }
  })
}

export function draftOf(user: UserId, view: ViewId): ViewConfig | undefined {
  return useViewMemory.getState().drafts[keyed(user, view)]
}

export function lastView(user: UserId, table: TableId): ViewId | undefined {
  return useViewMemory.getState().last[keyed(user, table)]
}

export function noteView(user: UserId, table: TableId, view: ViewId): void {
  if (lastView(user, table) === view) return
  useViewMemory.setState(({ last }) => ({ last: { ...last, [keyed(user, table)]: view } }))
}

const OPEN: Folded = { all: false, except: [] }

export function useFolded(user: UserId, view: ViewId | undefined): Folded {
  return useViewMemory((state) => (view === undefined ? OPEN : (state.folded[keyed(user, view)] ?? OPEN)))
}

export function isFolded({ all, except }: Folded, path: string): boolean {
  return except.includes(path) !== all
}

export function fold(user: UserId, view: ViewId, path: string, folded: boolean): void {
  useViewMemory.setState((state) => {
    const before = state.folded[keyed(user, view)] ?? OPEN
    const rest = before.except.filter((one) => one !== path)
    const except = folded === before.all ? rest : [...rest, path]
    return { folded: { ...state.folded, [keyed(user, view)]: { ...before, except } } }
  })
}

export function foldAll(user: UserId, view: ViewId, all: boolean): void {
  useViewMemory.setState((state) => ({ folded: { ...state.folded, [keyed(user, view)]: { all, except: [] } } }))
}

export function useFoldedSection(user: UserId, table: TableId, name: string): boolean {
  return useViewMemory((state) => state.sections[keyed(user, `${table}/${name}`)] === true)
}

export function foldSection(user: UserId, table: TableId, name: string, folded: boolean): void {
  const key = keyed(user, `${table}/${name}`)
  useViewMemory.setState(({ sections: { [key]: _, ...rest } }) => ({
    sections: folded ? { ...rest, [key]: true } : rest,
  }))
}

export function showList(listed: boolean): void {
  useViewMemory.setState({ listed })
}
