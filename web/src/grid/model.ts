/** What the grid shows and does, without React: cells in view coordinates over the rows of the store. */
import type { Cells, CellValue, Field, FieldId, RecordId, Sort, Table, User, ViewConfig } from '../api/types'
import { type Cell, normalized, sameCell } from '../store/cells'
import { updateOp } from '../store/ops'
import type { TableRows } from '../store/tableRows'
import type { Workspace } from '../store/workspace'
import { LOADING, paintOf } from './cellPaint'
import { paintAdd, paintGroup } from './groups/groupPaint'
import { type Group, GroupLayout, type GroupTotals, type LayoutRow, type Leaf } from './groups/layout'
import { canWrite, type KindContext, kindOf } from './kinds'
import { cellsOf, type Range, rowsOf } from './selection'
import { cellsForFilter } from './startCells'
import type { CellPaint } from './surface/types'

export interface Setting {
  readonly table: Table
  readonly tables: readonly Table[]
  readonly fields: readonly Field[]
  readonly users: readonly User[]
  /** The team's IANA zone. */
  readonly zone: string
  /** What the grid is grouped by, outermost first. */
  readonly groups: readonly Sort[]
  readonly config: ViewConfig
}

export interface Grouped {
  readonly leaves: readonly Leaf[]
  readonly totals: GroupTotals
  readonly isFolded: (path: string) => boolean
}

export type CellEdit = readonly [record: RecordId, field: FieldId, value: Cell]

export class GridModel {
  readonly workspace: Workspace
  readonly rows: TableRows
  setting: Setting
  /** The rows of a grouped grid, once the groups are here. */
  layout: GroupLayout | undefined
  totals: GroupTotals = new Map()
  private shown: [from: number, to: number] = [0, 40]
  private contexts = new Map<FieldId, KindContext>()

  constructor(workspace: Workspace, rows: TableRows, setting: Setting) {
    this.workspace = workspace
    this.rows = rows
    this.setting = setting
    rows.shaped = (change) => {
      const levels = this.setting.groups.length
      if ('gone' in change) this.layout = this.layout?.resized(change.gone, -1, levels)
      else if (this.layout) this.layout = this.layout.grown(this.growing ?? '', 1, levels)
    }
  }

  /** The group that the next new record joins. */
  private growing: string | undefined

  /** Takes over the groups that the server counted, or goes back to plain rows. */
  group(grouped: Grouped | undefined): void {
    if (!grouped && !this.layout) return
    this.rows.shifting?.()
    const levels = this.setting.groups.length
    this.layout = grouped && new GroupLayout(grouped.leaves, levels, grouped.isFolded, true)
    this.totals = grouped?.totals ?? new Map()
    this.rows.rearranged()
    // What is on screen holds other records now, though nobody scrolled.
    this.show(...this.shown)
  }

  /** Takes over new fields, people or a new order of columns. */
  configure(setting: Setting): void {
    this.setting = setting
    this.contexts = new Map()
  }

  /** Rows of the grid: records, and where there are groups their headers too. */
  get total(): number {
    return this.count ?? 0
  }

  /** As `total`; undefined while it is not known. */
  get count(): number | undefined {
    return this.setting.groups.length > 0 ? this.layout?.length : this.rows.total
  }

  row(row: number): LayoutRow | undefined {
    return this.setting.groups.length === 0 ? undefined : this.layout?.at(row)
  }

  /** The place of a row's record in the query; undefined for headers. */
  placeOf(row: number): number | undefined {
    if (this.setting.groups.length === 0) return row
    const found = this.layout?.at(row)
    return found?.kind === 'record' ? found.place : undefined
  }

  isRecord(row: number): boolean {
    return this.placeOf(row) !== undefined
  }

  idAt(row: number): RecordId | undefined {
    const place = this.placeOf(row)
    return place === undefined ? undefined : this.rows.idAt(place)
  }

  rowOf(id: RecordId): number | undefined {
    const place = this.rows.cache.rowOf(id)
    return place === undefined ? undefined : this.rowAt(place)
  }

  rowAt(place: number): number | undefined {
    return this.setting.groups.length === 0 ? place : this.layout?.rowOf(place)
  }

  /** The nearest row with a record from a row on, in a direction; undefined when there is none. */
  nearest(row: number, by: 1 | -1): number | undefined {
    for (let at = row; at >= 0 && at < this.total; at += by) if (this.isRecord(at)) return at
    return undefined
  }

  /** The rows of a range that hold records. */
  recordRows(range: Pick<Range, 'row' | 'rows'>): number[] {
    const rows: number[] = []
    const end = Math.min(range.row + range.rows, this.total)
    for (let row = Math.max(0, range.row); row < end; row += 1) if (this.isRecord(row)) rows.push(row)
    return rows
  }

  private places(from: number, to: number): readonly [number, number] | undefined {
    const [first, last] = [this.nearest(from, 1), this.nearest(Math.min(to, this.total - 1), -1)]
    if (first === undefined || last === undefined || last < first) return undefined
    return [this.placeOf(first) ?? 0, this.placeOf(last) ?? 0]
  }

  /** Whether the records of all rows are here and up to date. */
  isHere(from: number, to: number): boolean {
    const places = this.setting.groups.length === 0 ? ([from, to] as const) : this.places(from, to)
    return places === undefined || this.rows.isHere(...places)
  }

  /** Reads the records of rows that are not on screen. */
  async ensure(from: number, to: number): Promise<void> {
    const places = this.setting.groups.length === 0 ? ([from, to] as const) : this.places(from, to)
    if (places) await this.rows.ensure(...places)
  }

  /** As `ensure`, one range after the other. */
  async ensureAll(ranges: readonly Pick<Range, 'row' | 'rows'>[]): Promise<void> {
    for (const { row, rows } of ranges) await this.ensure(row, row + rows - 1)
  }

  /** The first and the last row on screen. */
  get onScreen(): readonly [from: number, to: number] {
    return this.shown
  }

  /** Says which rows are on screen. */
  show(from: number, to: number): void {
    this.shown = [from, to]
    const places = this.setting.groups.length === 0 ? ([from, to] as const) : this.places(from, to)
    if (places) this.rows.show(...places)
  }

  /** The rows on screen, and a few around them that may be half in sight. */
  rowsInSight(): number[] {
    const first = Math.max(0, this.shown[0] - 3)
    const last = Math.min(this.total - 1, this.shown[1] + 3)
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at)
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
    const [field, place] = [this.field(col), this.placeOf(row)]
    return field && place !== undefined ? this.rows.cell(place, field.id) : undefined
  }

  paint(col: number, row: number): CellPaint {
    const field = this.field(col)
    const found = this.row(row)
    if (found?.kind === 'group') return paintGroup(this, found.group, col)
    if (found?.kind === 'add') return paintAdd(this, col)
    const value = this.value(col, row)
    return field === undefined || value === undefined ? LOADING : paintOf(value, this.context(field))
  }

  text(col: number, row: number): string {
    const field = this.field(col)
    const value = this.value(col, row)
    return field === undefined || value === undefined ? '' : kindOf(field).format(value, this.context(field))
  }

  /** A value of a field as text. */
  textOf(field: Field, value: Cell): string {
    return kindOf(field).format(value, this.context(field))
  }

  /** What a new record starts with, so that the view's filter lets it through. */
  startCells(): Cells {
    return cellsForFilter(this.setting.config.filter, this.setting.table.fields)
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
    const [field, id] = [this.field(col), this.idAt(row)]
    return field && id !== undefined ? this.write([[id, field.id, value]], label) : 0
  }

  /** Empties the selected cells that can be written. */
  clear(selected: readonly Range[]): number {
    const edits: CellEdit[] = []
    for (const [col, row] of cellsOf(selected)) {
      const [field, id] = [this.field(col), this.idAt(row)]
      if (field && id !== undefined) edits.push([id, field.id, null])
    }
    return this.write(edits, 'Clear')
  }

  idsOf(selected: readonly Range[]): RecordId[] {
    return rowsOf(selected).flatMap((row) => this.idAt(row) ?? [])
  }

  /** Adds rows; `below` puts them under that row, else they go to the end. Answers the first new row. */
  insert(given: Cells[], below?: number): number {
    const start = this.startCells()
    const cells = given.map((one) => ({ ...start, ...one }))
    if (this.layout) return this.insertInGroup(cells, below)
    const row = below === undefined ? this.total : Math.min(below + 1, this.total)
    const before = below === undefined ? undefined : this.rows.idAt(row)
    this.workspace.create(this.setting.table.id, cells, before === undefined ? { row } : { row, before }, 'Add record')
    return row
  }

  /** As `insert`, into the group of the row `below` (else the last one), whose values the new records take. */
  private insertInGroup(cells: Cells[], below?: number): number {
    const layout = this.layout
    const found = below === undefined ? undefined : layout?.at(Math.max(0, below))
    const group = found?.group ?? layout?.groupAt(Math.max(0, (this.rows.total ?? 1) - 1))
    if (!layout || !group) {
      this.workspace.create(this.setting.table.id, cells, { row: this.rows.total ?? 0 }, 'Add record')
      return 0
    }
    const inner =
      found?.kind === 'record' || found?.kind === 'add' ? found.group : (layout.groupAt(group.first) ?? group)
    const place = found?.kind === 'record' ? found.place + 1 : inner.first + inner.count
    const follower = place < inner.first + inner.count ? this.rows.idAt(place) : undefined
    const given = Object.entries(this.valuesOf(inner)).filter(([, value]) => value !== null)
    const filled = cells.map((one) => ({ ...one, ...Object.fromEntries(given) }))
    this.growing = inner.path
    this.workspace.create(
      this.setting.table.id,
      filled,
      { row: place, ...(follower === undefined ? {} : { before: follower }) },
      'Add record',
    )
    this.growing = undefined
    return this.layout?.rowOf(place) ?? -1
  }

  /** Shows records before another one, or at the end of a group or of all, before the server has put them there. */
  carry(ids: readonly RecordId[], before: RecordId | null, group: Group | undefined): void {
    this.growing = group?.path
    this.rows.place(ids, () => {
      if (before !== null) return this.rows.cache.rowOf(before)
      const now = group && this.layout?.find(group.path)
      return now && now.first + now.count
    })
    this.growing = undefined
  }

  /** The fields that a group goes by, each with its value there. */
  keysOf(group: Group): (readonly [Field, CellValue])[] {
    return this.setting.groups.slice(0, group.key.length).flatMap(({ field: id }, level) => {
      const field = this.setting.table.fields.find((one) => one.id === id)
      return field ? [[field, group.key[level] ?? null] as const] : []
    })
  }

  /** The cells that make a record belong to a group; what nobody can write is left out. */
  valuesOf(group: Group): Cells {
    const written = this.keysOf(group).filter(([field]) => canWrite(field))
    return Object.fromEntries(written.map(([field, value]) => [field.id, value]))
  }
}
