import type { Cells, FieldId, Op, RecordId } from '../api/types'

/** Which cell. */
export interface CellPlace {
  readonly record: RecordId
  readonly field: FieldId
}

/** Ids of records that the server has not made yet begin so. */
const TEMPORARY = 'new_'
let made = 0

export function temporaryId(): RecordId {
  made += 1
  return `${TEMPORARY}${Date.now().toString(36)}_${made}_${Math.random().toString(36).slice(2, 8)}`
}

export function isTemporary(id: RecordId): boolean {
  return id.startsWith(TEMPORARY)
}

type Rename = ReadonlyMap<RecordId, RecordId>

/** The same operations with temporary ids replaced by those the server gave. */
export function withRealIds(ops: readonly Op[], real: Rename): Op[] {
  if (real.size === 0) return [...ops]
  return ops.map((op) => renamed(op, real))
}

function renamed(op: Op, real: Rename): Op {
  const id = (old: RecordId): RecordId => real.get(old) ?? old
  switch (op.op) {
    case 'create': {
      const records = op.records.map((record) => ({ cells: renamedCells(record.cells, real) }))
      return op.before ? { ...op, records, before: id(op.before) } : { ...op, records }
    }
    case 'update':
      return {
        ...op,
        records: op.records.map((record) => ({ id: id(record.id), cells: renamedCells(record.cells, real) })),
      }
    case 'delete':
    case 'restore':
      return { ...op, ids: op.ids.map(id) }
    case 'move':
      return { ...op, ids: op.ids.map(id), before: op.before === null ? null : id(op.before) }
    default:
      return op
  }
}

function renamedCells(cells: Record<string, unknown>, real: Rename): Record<string, unknown> {
  const entries = Object.entries(cells).map(([field, value]) => {
    if (!Array.isArray(value)) return [field, value] as const
    return [field, value.map((item: unknown) => (typeof item === 'string' ? (real.get(item) ?? item) : item))] as const
  })
  return Object.fromEntries(entries)
}

/** Whether the operations still name a record the server does not know. */
export function needsRealIds(ops: readonly Op[]): boolean {
  return JSON.stringify(ops).includes(`"${TEMPORARY}`)
}

/** The cells the operations write, for laying over and for telling whether two change sets meet. */
export function updatedCells(ops: readonly Op[]): { id: RecordId; cells: Cells }[] {
  return ops.flatMap((op) => (op.op === 'update' ? (op.records as { id: RecordId; cells: Cells }[]) : []))
}

/** The operations without the cells in conflict that the person gave up; operations left empty vanish. */
export function withoutCells(ops: readonly Op[], given: readonly CellPlace[]): Op[] {
  const gone = new Set(given.map(({ record, field }) => cellKey(record, field)))
  return ops.flatMap((op): Op[] => {
    if (op.op !== 'update') return [op]
    const records = op.records
      .map(({ id, cells }) => ({
        id,
        cells: Object.fromEntries(Object.entries(cells).filter(([field]) => !gone.has(cellKey(id, field)))),
      }))
      .filter(({ cells }) => Object.keys(cells).length > 0)
    return records.length > 0 ? [{ ...op, records }] : []
  })
}

export function cellKey(record: RecordId, field: FieldId): string {
  return `${record}/${field}`
}

/** Puts edits of single cells together: one record entry each, in the order first met. */
export function updateOp(table: string, edits: readonly (readonly [RecordId, FieldId, unknown])[]): Op {
  const records = new Map<RecordId, Record<FieldId, unknown>>()
  for (const [record, field, value] of edits) {
    const cells = records.get(record) ?? {}
    cells[field] = value
    records.set(record, cells)
  }
  return { op: 'update', table, records: [...records].map(([id, cells]) => ({ id, cells })) }
}
