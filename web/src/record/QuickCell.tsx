/** One cell of a record in a list: shown small, edited with the grid's own editor on a click. */
import { type ReactNode, useRef, useState } from 'react'
import type { Field, Op, RecordId, Table } from '../api/types'
import { CellEditor } from '../grid/editors/CellEditor'
import { canWrite, type KindContext, kindOf } from '../grid/kinds'
import { type Cell, sameCell } from '../store/cells'
import { updateOp } from '../store/ops'
import type { Workspace } from '../store/workspace'
import type { Rect } from '../ui/anchor'
import { cx } from '../ui/classes'
import { FieldValue } from './FieldValue'
import styles from './Lists.module.css'

interface QuickCellProps {
  workspace: Workspace
  table: Table
  tables: readonly Table[]
  field: Field
  context: KindContext
  record: RecordId
  value: Cell
  locked?: boolean
  className?: string
  /** Instead of the value as it is shown elsewhere. */
  shown?: ReactNode
}

export function QuickCell(props: QuickCellProps) {
  const { workspace, table, tables, field, context, record, value, locked, className, shown } = props
  const box = useRef<HTMLButtonElement>(null)
  const [at, setAt] = useState<Rect>()
  const close = () => {
    setAt(undefined)
    box.current?.focus()
  }
  const write = (next: Cell, before: Op[] = []) => {
    if (before.length === 0 && sameCell(next, value)) return
    workspace.send([...before, updateOp(table.id, [[record, field.id, next]])], `Edit ${field.name}`)
  }
  return (
    <>
      <button
        ref={box}
        type="button"
        className={cx(styles.quick, className)}
        aria-label={`${field.name}: ${kindOf(field).format(value, context) || 'empty'}`}
        disabled={locked || !canWrite(field)}
        onClick={() => {
          const rect = box.current?.getBoundingClientRect()
          const width = Math.max(rect?.width ?? 0, 180)
          const x = Math.min(rect?.x ?? 0, window.innerWidth - width - 8)
          if (rect) setAt({ x, y: rect.y, width, height: rect.height })
        }}
      >
        {shown ??
          (value === null ? (
            <span className={styles.quiet}>{field.name}</span>
          ) : (
            <FieldValue value={value} context={context} />
          ))}
      </button>
      {at && (
        <CellEditor
          field={field}
          context={context}
          value={value}
          seed={undefined}
          at={at}
          record={record}
          tables={tables}
          workspace={workspace}
          commit={(next, _move, before) => {
            write(next, before)
            close()
          }}
          cancel={close}
        />
      )}
    </>
  )
}
