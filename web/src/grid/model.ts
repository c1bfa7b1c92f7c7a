/** What the grid shows and does, without React: cells in view coordinates over the rows of the store. */
import type { Cells, Field, FieldId, RecordId, Table, User } from '../api/types'
import { type Cell, normalized, sameCell } from '../store/cells'
import { updateOp } from '../store/ops'
import type { TableRows } from '../store/tableRows'
import type { Workspace } from '../store/workspace'
import { LOADING, paintOf } from './cellPaint'
import { canWrite, type KindContext, kindOf } from './kinds'
import { cellsOf, type Range, rowsOf } from './selection'
import type { CellPaint } from './surface/types'

export interface Setting {
  readonly table: Table
  readonly tables: readonly Table[]
  readonly fields: readonly Field[]
  readonly users: readonly User[]
  /** The team's IANA zone. */
  readonly zone: string
}

export type CellEdit = readonly [record: RecordId, field: FieldId, value: Cell]

export class GridModel {
  readonly workspace: Workspace
  readonly rows: TableRows
  setting: Setting
  private contexts = new Map<FieldId, KindContext>()

  constructor(workspace: Workspace, rows: TableRows, setting: Setting) {
    this.workspace = workspace
    this.rows = rows
    this.setting = setting
  }

  /** Takes over new fields, people or a new order of columns. */
  configure(setting: Setting): void {
    this.setting = setting
    this.contexts = new Map()
  }

  get total(): number {
    return this.rows.total ?? 0
  }

  field(col: number): Field | undefined {
    return this.setting.fields[col]
  }

  context(field: Field): KindContext {
    const known = this.contexts.get(field.id)
    if (known) return known
    const { zone, users } = this.setting
    const made: KindContext = {
      field,
      zone,
      users,
      now: () => new Date(),
      nameOf: (id) => this.workspace.names.get(id),
    }
    this.contexts.set(field.id, made)
    return made
  }

  value(col: number, row: number): Cell | undefined {
    const field = this.field(col)
    return field && this.rows.cell(row, field.id)
  }

  paint(col: number, row: number): CellPaint {
    const field = this.field(col)
    const value = field && this.rows.cell(row, field.id)
    return field === undefined || value === undefined ? LOADING : paintOf(value, this.context(field))
  }

  text(col: number, row: number): string {
    const field = this.field(col)
    const value = this.value(col, row)
    return field === undefined || value === undefined ? '' : kindOf(field).format(value, this.context(field))
  }

  /** Writes cells as one change set; what stays the same is left out. Answers how many cells changed. */
  write(edits: readonly CellEdit[], label: string): number {
    const fields = new Map(this.setting.table.fields.map((field) => [field.id, field]))
    const changed = edits.filter(([record, id, value]) => {
      const field = fields.get(id)
      return field !== undefined && canWrite(field) && !sameCell(this.rows.cellOf(record, id), value)
    })
    if (changed.length === 0) return 0
    const plain = changed.map(([record, id, value]) => [record, id, normalized(value)] as const)
    this.workspace.send([updateOp(this.setting.table.id, plain)], label)
    return changed.length
  }

  writeAt(col: number, row: number, value: Cell, label: string): number {
    const [field, id] = [this.field(col), this.rows.idAt(row)]
    return field && id !== undefined ? this.write([[id, field.id, value]], label) : 0
  }

  /** Empties the selected cells that can be written. */
  clear(selected: readonly Range[]): number {
    const edits: CellEdit[] = []
    for (const [col, row] of cellsOf(selected)) {
      const [field, id] = [this.field(col), this.rows.idAt(row)]
      if (field && id !== undefined) edits.push([id, field.id, null])
    }
    return this.write(edits, 'Clear')
  }

  idsOf(selected: readonly Range[]): RecordId[] {
    return rowsOf(selected).flatMap((row) => this.rows.idAt(row) ?? [])
  }

  /** Adds rows; `below` puts them under that row, else they go to the end. Answers the first new row. */
  insert(cells: Cells[], below?: number): number {
    const row = below === undefined ? this.total : Math.min(below + 1, this.total)
    const before = below === undefined ? undefined : this.rows.idAt(row)
    this.workspace.create(this.setting.table.id, cells, before === undefined ? { row } : { row, before }, 'Add record')
    return row
  }
}
