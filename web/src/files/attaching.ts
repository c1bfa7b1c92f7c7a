/** Uploads files and puts them into a cell, beside those that are there by then. */
import { explain, request } from '../api/client'
import type { AttachedFile, Field, RecordId } from '../api/types'
import { announce } from '../grid/announce'
import { filesOf } from '../grid/kinds/files'
import { toast } from '../shell/toasts'
import type { Cell } from '../store/cells'
import { updateOp } from '../store/ops'
import type { Workspace } from '../store/workspace'

export interface Attaching {
  workspace: Workspace
  field: Field
  record: RecordId
  /** The cell as it is when the uploads are done. */
  current: () => Cell
}

/** Answers the cell's files afterwards; files that could not be taken are named in a message. */
export async function attach(
  { workspace, field, record, current }: Attaching,
  files: readonly File[],
): Promise<readonly AttachedFile[]> {
  const done: AttachedFile[] = []
  const label = files.length === 1 ? (files[0]?.name ?? 'the file') : `${files.length} files`
  const close = toast({ text: `Uploading ${label}…`, duration: 0 })
  for (const file of files) {
    try {
      done.push(await upload(file))
    } catch (error) {
      toast({ text: `${file.name} was not attached`, detail: explain(error), tone: 'danger' })
    }
  }
  close()
  const before = filesOf(current())
  if (done.length === 0) return before
  const known = new Set(before.map(({ hash, name }) => `${hash} ${name}`))
  const after = [...before, ...done.filter(({ hash, name }) => !known.has(`${hash} ${name}`))]
  putFiles(workspace, field, record, after, `Attach ${label}`)
  announce(`${field.name}: ${label} attached`)
  return after
}

/** Makes these the cell's files. */
export function putFiles(
  workspace: Workspace,
  field: Field,
  record: RecordId,
  files: readonly AttachedFile[],
  label: string,
): void {
  workspace.send([updateOp(field.table, [[record, field.id, files.length === 0 ? null : files]])], label)
}

const upload = (file: File): Promise<AttachedFile> =>
  request<AttachedFile>('POST', '/api/attachments', {
    raw: file,
    contentType: 'application/octet-stream',
    query: { name: file.name },
  })
