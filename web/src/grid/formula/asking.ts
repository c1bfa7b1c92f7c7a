/** Which question about a computed field is open: why a cell has its value, or what hangs on a field. */
import { create } from 'zustand'
import type { FieldId, RecordId, TableId } from '../../api/types'

interface Asked {
  readonly explained: { table: TableId; field: FieldId; record: RecordId } | undefined
  readonly depending: { table: TableId; field: FieldId } | undefined
}

export const useAsked = create<Asked>(() => ({ explained: undefined, depending: undefined }))

/** Shows how the value of a computed cell came about. */
export function explainValue(table: TableId, field: FieldId, record: RecordId): void {
  useAsked.setState({ explained: { table, field, record }, depending: undefined })
}

/** Shows what a field reads and what reads it. */
export function showDependencies(table: TableId, field: FieldId): void {
  useAsked.setState({ depending: { table, field }, explained: undefined })
}

export function closeAsked(): void {
  useAsked.setState({ explained: undefined, depending: undefined })
}
