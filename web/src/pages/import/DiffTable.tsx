/** The rows of one outcome as a table drawn only where it is seen; a changed cell shows before and after, one in conflict what stays. */
import { useVirtualizer } from '@tanstack/react-virtual'
import { useMemo, useRef } from 'react'
import { explain } from '../../api/client'
import { useSession, useUsers } from '../../api/queries'
import type { ImportRow, ImportRun, Outcome, Table } from '../../api/types'
import { cx } from '../../ui/classes'
import { EmptyState, Notice, Skeleton } from '../../ui/Feedback'
import { KindIcon } from '../../ui/KindIcon'
import { Pill } from '../../ui/Pill'
import styles from './DiffTable.module.css'
import {
  cellOf,
  cellPills,
  cellText,
  impliedColumns,
  mostChangedFirst,
  type PreviewColumn,
  previewColumns,
  saidByName,
  type Wording,
} from './previewColumns'
import { outcomeTabs } from './ReviewStep'
import { useRows } from './useRows'

interface DiffTableProps {
  run: ImportRun
  outcome: Outcome
  table: Table
  tables: Table[]
}

const COLUMN_WIDTH = 184
const ROW_HEIGHT = 34
const TALL_ROW = 50
const WHY_WIDTH = 300
const KEPT = 'Somebody changed this in the CRM since the last import; it keeps its value.'

const ABOUT: Partial<Record<Outcome, string>> = {
  create: 'These rows become new records.',
  update: 'These records are already here; only the marked cells change.',
  unchanged: 'These records already hold exactly this.',
  conflict:
    'Cells that somebody changed in the CRM since the last import keep their value; where two rows disagree, the first one stands. The rest of each row is imported.',
}

export function DiffTable({ run, outcome, table, tables }: DiffTableProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const start = useRows(run.id, outcome, 0, 0)
  const firstRows = start.rows
  const columns = useMemo(() => {
    const used = previewColumns(run.mapping, tables, table)
    const all = [...used, ...impliedColumns(used, firstRows, tables, table)]
    const shown = all.filter((column) => column.field !== run.key && !saidByName(column, outcome, table))
    return outcome === 'update' || outcome === 'conflict' ? mostChangedFirst(shown, firstRows) : shown
  }, [run.mapping, run.key, firstRows, outcome, tables, table])
  const { data: session } = useSession()
  const { data: users } = useUsers()
  const total = outcomeTabs(run).find((tab) => tab.outcome === outcome)?.count ?? 0
  const height = outcome === 'update' || outcome === 'conflict' ? TALL_ROW : ROW_HEIGHT
  const rows = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 8,
  })
  const why = outcome === 'conflict' ? WHY_WIDTH : 0
  const across = useVirtualizer({
    horizontal: true,
    paddingStart: why,
    count: columns.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => COLUMN_WIDTH,
    overscan: 2,
  })
  const seen = rows.getVirtualItems()
  const loaded = useRows(run.id, outcome, seen[0]?.index ?? 0, seen.at(-1)?.index ?? 0)
  const wording: Wording = { zone: session?.settings.time_zone ?? 'UTC', names: loaded.names, users: users ?? [] }

  if (total === 0) return <EmptyState title="No rows here" text="Nothing in the file has this outcome." />
  if (loaded.error) return <Notice tone="danger">{explain(loaded.error)}</Notice>
  const shown = across.getVirtualItems()
  const lead = (shown[0]?.start ?? why) - why
  return (
    <div className={styles.wrap}>
      <p className={styles.about}>{ABOUT[outcome]}</p>
      <div
        className={styles.scroller}
        ref={scroller}
        tabIndex={0}
        role="table"
        aria-label="Rows"
        aria-rowcount={total + 1}
      >
        <div
          className={styles.sheet}
          style={{ height: rows.getTotalSize() + ROW_HEIGHT, width: 252 + across.getTotalSize() }}
        >
          <div className={styles.header} role="row">
            <span className={styles.gutter} role="columnheader">
              Line
            </span>
            <span className={styles.who} role="columnheader">
              {table.name_one}
            </span>
            {why > 0 && (
              <span className={styles.cell} style={{ width: why }} role="columnheader">
                Why
              </span>
            )}
            <span style={{ width: lead }} className={styles.gap} aria-hidden="true" />
            {shown.map((item) => (
              <HeaderCell key={item.key} column={columns[item.index]} />
            ))}
          </div>
          {seen.map((item) => (
            <div
              key={item.key}
              role="row"
              aria-rowindex={item.index + 2}
              className={styles.row}
              style={{ height, transform: `translateY(${item.start + ROW_HEIGHT}px)` }}
            >
              <DiffRow
                row={loaded.row(item.index)}
                columns={shown.map((place) => columns[place.index])}
                lead={lead}
                wording={wording}
              />
            </div>
          ))}
        </div>
      </div>
    </div>
  )
}

function HeaderCell({ column }: { column: PreviewColumn | undefined }) {
  if (!column) return null
  return (
    <span className={styles.cell} role="columnheader" title={column.title}>
      <KindIcon kind={column.shape.kind} size={13} />
      <span className={styles.clip}>{column.title}</span>
      {column.isNew && <span className={styles.fresh}>new</span>}
    </span>
  )
}

interface DiffRowProps {
  row: ImportRow | undefined
  columns: (PreviewColumn | undefined)[]
  lead: number
  wording: Wording
}

function DiffRow({ row, columns, lead, wording }: DiffRowProps) {
  if (!row) {
    return (
      <>
        <span className={styles.gutter} />
        <span className={styles.who}>
          <Skeleton width={120} height={10} />
        </span>
      </>
    )
  }
  return (
    <>
      <span className={styles.gutter} role="cell">
        {row.line}
      </span>
      <span className={styles.who} role="cell" title={row.name ?? ''}>
        <span className={styles.clip}>{row.name || '—'}</span>
        {row.outcome === 'conflict' && !row.record && (
          <span>
            <span className={styles.fresh}>new</span>
          </span>
        )}
      </span>
      {row.outcome === 'conflict' && <WhyCell row={row} />}
      <span style={{ width: lead }} className={styles.gap} aria-hidden="true" />
      {columns.map((column) => column && <DiffCell key={column.field} row={row} column={column} wording={wording} />)}
    </>
  )
}

const rightOf = (column: PreviewColumn) =>
  ['number', 'currency', 'percent', 'duration'].includes(column.shape.kind) && styles.right

/** A cell that the import leaves as it is: what the CRM has, and below it what the file says instead. */
function KeptCell({ cell, column, wording }: Omit<DiffCellProps, 'row'> & { cell: ImportRow['cells'][number] }) {
  const kept = cellText(cell.before, column.shape, wording) || '(empty)'
  const file = cellText(cell.after, column.shape, wording) || '(empty)'
  return (
    <span
      role="cell"
      className={cx(styles.cell, styles.kept, rightOf(column))}
      title={`${kept} stays; the file says ${file}`}
    >
      <span className={styles.keptValue}>
        <span className={styles.clip}>
          {cellPills(cell.before, column.shape)?.map((pill) => <Pill key={pill.name} {...pill} />) ?? kept}
        </span>
        <span className={styles.stays}>stays</span>
      </span>
      <span className={styles.fileSays}>
        File: <del>{file}</del>
      </span>
    </span>
  )
}

/** Why a row is in conflict: what it says otherwise than another row, else that the CRM's value stays. */
function WhyCell({ row }: { row: ImportRow }) {
  const reasons = row.errors.map(({ column, reason }) => (column ? `${column}: ${reason}` : reason))
  const more = reasons.length - 1
  return (
    <span role="cell" className={styles.cell} style={{ width: WHY_WIDTH }} title={reasons.join('\n') || KEPT}>
      <span className={styles.reason}>
        {reasons[0] ?? KEPT}
        {more > 0 && ` (and ${more} more)`}
      </span>
    </span>
  )
}

interface DiffCellProps {
  row: ImportRow
  column: PreviewColumn
  wording: Wording
}

function DiffCell({ row, column, wording }: DiffCellProps) {
  const cell = cellOf(row, column)
  if (cell?.conflict) return <KeptCell cell={cell} column={column} wording={wording} />
  const after = cell ? cellText(cell.after, column.shape, wording) : ''
  const before = cell ? cellText(cell.before, column.shape, wording) : ''
  const pills = cell ? cellPills(cell.after, column.shape) : null
  const changed = cell !== undefined && row.outcome !== 'unchanged' && before !== after
  const showsBefore = row.outcome !== 'create' && changed
  return (
    <span
      role="cell"
      className={cx(styles.cell, changed && (before ? styles.replaced : styles.added), rightOf(column))}
      title={showsBefore ? `${before || '(empty)'} → ${after || '(empty)'}` : after}
    >
      {showsBefore && before && <del className={styles.before}>{before}</del>}
      <span className={styles.clip}>
        {pills?.map((pill) => <Pill key={pill.name} {...pill} />) ?? (after || (showsBefore ? <i>empty</i> : ''))}
      </span>
    </span>
  )
}
