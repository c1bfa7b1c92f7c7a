/** What is done to tables as a whole: make, rename, order, delete, bring back; each one change set with an undo. */
import { queryClient, tablesKey } from '../api/queries'
import type { Table, Tables } from '../api/types'
import { paths } from '../pages/paths'
import type { Workspace } from '../store/workspace'
import { toast } from './toasts'

type Go = (path: string) => void

/** Makes a table and opens it. */
export async function makeTable(workspace: Workspace, name: string, go: Go): Promise<void> {
  const answer = await workspace.sendAndWait([{ op: 'create_table', table: { name } }], `New table ${name}`)
  await queryClient.refetchQueries({ queryKey: tablesKey })
  const id = answer?.created[0]?.[0]
  if (id) go(paths.table(keyOf(id)))
}

type Setting = { name?: string; name_one?: string; position?: number }

export function changeTable(workspace: Workspace, table: Table, set: Setting, label: string): void {
  workspace.send([{ op: 'update_table', table: table.id, set }], label)
}

/** Deletes a table with everything in it; the toast brings it back. */
export function deleteTable(workspace: Workspace, table: Table, go: Go): void {
  const { done } = workspace.send([{ op: 'archive_table', table: table.id }], `Delete ${table.name}`)
  go(paths.home)
  toast({
    text: `Table “${table.name}” deleted`,
    detail: 'It lies in the trash with its records and links.',
    action: { label: 'Undo', run: () => workspace.undoOne(done) },
  })
}

/** Where a table stands when it is put before another one, or last: halfway between its new neighbours. */
export function placeOf(tables: readonly Table[], moved: Table, before: Table | undefined): number {
  const others = tables.filter((table) => table !== moved)
  const at = before ? others.indexOf(before) : others.length
  const [left, right] = [others[at - 1]?.position, others[at]?.position]
  if (left === undefined) return (right ?? 1) - 1
  return right === undefined ? left + 1 : (left + right) / 2
}

/** A name that no table has yet: “Table 2”. */
export function freeTableName(tables: readonly Table[]): string {
  const taken = new Set(tables.map((table) => table.name.toLowerCase()))
  let number = tables.length + 1
  while (taken.has(`table ${number}`)) number += 1
  return `Table ${number}`
}

function keyOf(id: string): string {
  const known = queryClient.getQueryData<Tables>(tablesKey)
  return known?.tables.find((table) => table.id === id)?.key ?? id
}
