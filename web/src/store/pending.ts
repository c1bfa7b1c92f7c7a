import type { Cells, FieldId, RecordId } from '../api/types'
import type { Cell } from './cells'

interface Edit {
  readonly value: Cell
  /** Number of the change set that carries it. */
  readonly seq: number
}

/** Edits shown before the server has confirmed them; they lie over the confirmed cells. */
export class PendingEdits {
  private readonly edits = new Map<RecordId, Map<FieldId, Edit>>()

  get size(): number {
    return this.edits.size
  }

  get(record: RecordId, field: FieldId): { value: Cell } | undefined {
    return this.edits.get(record)?.get(field)
  }

  put(record: RecordId, cells: Cells, seq: number): void {
    const fields = this.edits.get(record) ?? new Map<FieldId, Edit>()
    for (const [field, value] of Object.entries(cells)) fields.set(field, { value, seq })
    this.edits.set(record, fields)
  }

  /** Takes away what a change set laid over; a later edit of the same cell stays. Answers the records touched. */
  settle(seq: number): RecordId[] {
    const touched: RecordId[] = []
    for (const [record, fields] of this.edits) {
      let hit = false
      for (const [field, edit] of fields) {
        if (edit.seq !== seq) continue
        fields.delete(field)
        hit = true
      }
      if (fields.size === 0) this.edits.delete(record)
      if (hit) touched.push(record)
    }
    return touched
  }

  /** Takes away single cells of a change set, for example those decided against in a conflict. */
  drop(seq: number, cells: readonly (readonly [RecordId, FieldId])[]): void {
    for (const [record, field] of cells) {
      const fields = this.edits.get(record)
      if (fields?.get(field)?.seq !== seq) continue
      fields.delete(field)
      if (fields.size === 0) this.edits.delete(record)
    }
  }

  rename(from: RecordId, to: RecordId): void {
    const fields = this.edits.get(from)
    if (!fields) return
    this.edits.delete(from)
    this.edits.set(to, new Map([...fields, ...(this.edits.get(to) ?? [])]))
  }

  /** The confirmed cells of a record with the edits laid over them. */
  over(record: RecordId, cells: Cells): Cells {
    const fields = this.edits.get(record)
    if (!fields) return cells
    const merged = { ...cells }
    for (const [field, edit] of fields) merged[field] = edit.value
    return merged
  }
}
