/** One field of the open record: its value, and on a click the same editor the grid has. */
import { SquareFunction } from 'lucide-react'
import { useRef, useState } from 'react'
import type { Field, Op } from '../api/types'
import { CellEditor } from '../grid/editors/CellEditor'
import { explainValue } from '../grid/formula/asking'
import { canWrite, kindOf } from '../grid/kinds'
import { isComputed } from '../grid/kinds/computed'
import { KindIcon } from '../grid/kinds/KindIcon'
import type { GridModel, Setting } from '../grid/model'
import { CellFlag } from '../presence/CellFlag'
import { standIn } from '../presence/useHere'
import { type Cell, sameCell } from '../store/cells'
import { updateOp } from '../store/ops'
import type { Rect } from '../ui/anchor'
import { FieldValue } from './FieldValue'
import styles from './Record.module.css'

interface FieldRowProps {
  model: GridModel
  setting: Setting
  field: Field
  record: string
  value: Cell
  locked: boolean
}

export function FieldRow({ model, setting, field, record, value, locked }: FieldRowProps) {
  const box = useRef<HTMLDivElement>(null)
  const [editing, setEditing] = useState<{ at: Rect; seed: string | undefined }>()
  const writable = canWrite(field) && !locked
  const shape = kindOf(field).shape

  const write = (next: Cell, before: Op[] = []) => {
    if (before.length === 0 && sameCell(next, value)) return
    model.workspace.send([...before, updateOp(setting.table.id, [[record, field.id, next]])], `Edit ${field.name}`)
  }
  const open = (seed?: string) => {
    if (isComputed(field)) explainValue(setting.table.id, field.id, record)
    if (!writable) return
    if (shape === 'check') {
      write(value === true ? null : true)
      return
    }
    const rect = box.current?.getBoundingClientRect()
    if (rect) setEditing({ at: { x: rect.x, y: rect.y, width: rect.width, height: rect.height }, seed })
  }
  const close = () => {
    setEditing(undefined)
    box.current?.focus()
  }
  return (
    <div className={styles.field}>
      <span className={styles.name} title={field.description || undefined}>
        <KindIcon kind={field.kind} size={13} />
        {field.name}
      </span>
      {/* What is pressed lies under the value, so that links and files within it are no buttons inside a button. */}
      <div
        className={styles.value}
        data-writable={writable || undefined}
        data-computed={isComputed(field) || undefined}
        data-field={field.id}
      >
        <div
          ref={box}
          className={styles.press}
          role="button"
          tabIndex={0}
          aria-label={`${field.name}: ${kindOf(field).format(value, model.context(field)) || 'empty'}`}
          aria-disabled={!writable}
          onFocus={() => standIn(model.workspace, record, field.id)}
          onClick={() => open()}
          onKeyDown={(event) => {
            if (event.target !== event.currentTarget) return
            const typed =
              [...event.key].length === 1 && event.key !== ' ' && !event.ctrlKey && !event.metaKey && !event.altKey
            if (event.key === 'Enter' || event.key === 'F2' || event.key === ' ') open()
            else if (typed && shape === 'rating' && /^\d$/.test(event.key)) write(Number(event.key) || null)
            else if (typed && isComputed(field)) open()
            else if (typed && shape !== 'check' && writable) open(event.key)
            else if ((event.key === 'Delete' || event.key === 'Backspace') && writable) write(null)
            else return
            event.preventDefault()
            event.stopPropagation()
          }}
        />
        <CellFlag table={setting.table.id} record={record} field={field.id} />
        <FieldValue value={value} context={model.context(field)} />
        {isComputed(field) && (
          <span className={styles.why} title="Explain this value" aria-hidden="true">
            <SquareFunction size={13} />
          </span>
        )}
      </div>
      {editing && (
        <CellEditor
          field={field}
          context={model.context(field)}
          value={value}
          seed={editing.seed}
          at={editing.at}
          record={record}
          tables={setting.tables}
          workspace={model.workspace}
          commit={(next, _move, before) => {
            write(next, before)
            close()
          }}
          cancel={close}
        />
      )}
    </div>
  )
}
