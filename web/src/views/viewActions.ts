/** What is done to views as a whole: make, copy, rename, move, lock, star, delete; each one change set with an undo. */
import { api } from '../api/client'
import { queryClient, tablesKey } from '../api/queries'
import type { Table, View, ViewConfig, ViewId, ViewKind } from '../api/types'
import { toast } from '../shell/toasts'
import type { Workspace } from '../store/workspace'

export interface NewView {
  readonly name: string
  readonly kind: ViewKind
  readonly personal: boolean
  readonly config: ViewConfig
  readonly section?: string
  readonly description?: string
}

/** Makes a view; answers its id once the tables hold it, or undefined when it was refused. */
export async function makeView(workspace: Workspace, table: Table, made: NewView): Promise<ViewId | undefined> {
  const answer = await workspace.sendAndWait(
    [{ op: 'create_view', table: table.id, view: made }],
    `New view ${made.name}`,
  )
  await queryClient.refetchQueries({ queryKey: tablesKey })
  return answer?.created[0]?.[0]
}

type Setting = Extract<Parameters<Workspace['send']>[0][number], { op: 'update_view' }>['set']

export async function changeView(workspace: Workspace, view: View, set: Setting, label: string): Promise<void> {
  await workspace.sendAndWait([{ op: 'update_view', view: view.id, set }], label)
}

export function deleteView(workspace: Workspace, view: View): void {
  const { done } = workspace.send([{ op: 'delete_view', view: view.id }], `Delete ${view.name}`)
  toast({
    text: `View “${view.name}” deleted`,
    detail: 'Its records stay as they are.',
    action: { label: 'Undo', run: () => workspace.undoOne(done) },
  })
}

/** Puts a view at the top of the own list; nobody else sees a difference. */
export async function starView(view: View, starred: boolean): Promise<void> {
  await api.put(`/api/views/${view.id}/star`, { starred })
  await queryClient.invalidateQueries({ queryKey: tablesKey })
}

/** A name that no view of the table has yet: “Grid 2”. */
export function freeName(views: readonly View[], base: string): string {
  const taken = new Set(views.map((view) => view.name.toLowerCase()))
  if (!taken.has(base.toLowerCase())) return base
  let number = 2
  while (taken.has(`${base} ${number}`.toLowerCase())) number += 1
  return `${base} ${number}`
}

/** Where a view stands when it is put before another one, or last: halfway between its new neighbours. */
export function placeBefore(views: readonly View[], moved: ViewId, before: ViewId | null): number {
  const others = views.filter((view) => view.id !== moved).sort((a, b) => a.position - b.position)
  const at = before === null ? others.length : others.findIndex((view) => view.id === before)
  const [left, right] = [others[at - 1]?.position, others[at]?.position]
  if (left === undefined) return (right ?? 1) - 1
  return right === undefined ? left + 1 : (left + right) / 2
}

export interface Section {
  /** '' for the views that stand in none. */
  readonly name: string
  readonly views: readonly View[]
}

/** The list as it is shown: views without a section first, then the sections in the order of their first view. */
export function sectionsOf(views: readonly View[]): Section[] {
  const found = new Map<string, View[]>([['', []]])
  for (const view of views) found.set(view.section, [...(found.get(view.section) ?? []), view])
  return [...found].map(([name, members]) => ({ name, views: members }))
}
