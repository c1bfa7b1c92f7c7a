/** Brings records back to what they were: an ordinary change set, which can be undone like any other. */
import { api, explain, newIdempotencyKey } from '../api/client'
import type { Cells, ChangeAnswer, Op, RecordAnswer, RecordId, Table } from '../api/types'
import { canWrite } from '../grid/kinds'
import { toast } from '../shell/toasts'

/** More than this at once belongs to a restore from a backup. */
export const MOST_RESTORED = 500

interface Earlier {
  id: RecordId
  cells: Cells
}

/** The operations that give records the cells they had, in fields that still are of the same kind. */
export function opsFor(then: Table, now: Table, records: readonly Earlier[], deleted: ReadonlySet<RecordId>): Op[] {
  const kinds = new Map(then.fields.map((field) => [field.id, field.kind]))
  const same = now.fields.filter((field) => kinds.get(field.id) === field.kind && canWrite(field))
  const gone = records.filter(({ id }) => deleted.has(id)).map(({ id }) => id)
  const updates = records.map(({ id, cells }) => ({
    id,
    cells: Object.fromEntries(same.map((field) => [field.id, cells[field.id] ?? null])),
  }))
  return [
    ...(gone.length > 0 ? [{ op: 'restore' as const, table: now.id, ids: gone }] : []),
    { op: 'update' as const, table: now.id, records: updates },
  ]
}

/** Writes them back, says how many, and offers to undo it; false when it was refused. */
export async function restoreRecords(
  then: Table,
  now: Table,
  records: readonly Earlier[],
  when: string,
): Promise<boolean> {
  try {
    const deleted = new Set<RecordId>()
    for (const { id } of records) {
      const answer = await api.get<RecordAnswer>(`/api/tables/${now.id}/records/${id}`)
      if (answer.deleted_at !== null) deleted.add(id)
    }
    const body = { ops: opsFor(then, now, records, deleted), reason: `As it was ${when}` }
    const answer = await api.post<ChangeAnswer>('/api/changes', body, { idempotencyKey: newIdempotencyKey() })
    const count = records.length === 1 ? now.name_one.toLowerCase() : `${records.length} ${now.name.toLowerCase()}`
    toast({
      text: `Restored ${records.length === 1 ? 'the ' : ''}${count}`,
      detail: `To the state ${when}`,
      tone: 'success',
      action: { label: 'Undo', run: () => void undo(answer.version) },
    })
    return true
  } catch (error) {
    toast({ text: 'Nothing was restored', detail: explain(error), tone: 'danger' })
    return false
  }
}

async function undo(version: number): Promise<void> {
  try {
    await api.post<ChangeAnswer>(`/api/changes/${version}/undo`)
  } catch (error) {
    toast({ text: explain(error), tone: 'danger' })
  }
}
