/** One record with the cells it had. */
import { RotateCcw, X } from 'lucide-react'
import type { Field, RecordId, Table } from '../api/types'
import { orderedFields } from '../grid/columns'
import { KindIcon } from '../grid/kinds/KindIcon'
import { FieldValue } from '../record/FieldValue'
import record from '../record/Record.module.css'
import { Button, IconButton } from '../ui/Button'
import type { PastRows } from './usePastRows'

interface PastRecordProps {
  table: Table
  id: RecordId
  past: PastRows
  busy: boolean
  onRestore: () => void
  onClose: () => void
}

export function PastRecord({ table, id, past, busy, onRestore, onClose }: PastRecordProps) {
  const value = (field: Field) => past.rows.cellOf(id, field.id) ?? null
  const primary = table.fields.find((field) => field.id === table.primary_field)
  const title = (primary && String(value(primary) ?? '')) || `Unnamed ${table.name_one.toLowerCase()}`
  return (
    <aside className={record.panel} aria-label={`${title}, as it was`}>
      <header className={record.head}>
        <span className={record.kind}>{table.name_one}</span>
        <IconButton label="Close" shortcut="Esc" size="small" onClick={onClose}>
          <X size={15} />
        </IconButton>
      </header>
      <div className={record.scroll}>
        <h2 className={record.title}>{title}</h2>
        <Button size="small" icon={<RotateCcw size={13} />} busy={busy} onClick={onRestore}>
          Restore it to this state
        </Button>
        <div className={record.fields}>
          {orderedFields(table, {}).map((field) => (
            <div key={field.id} className={record.field}>
              <span className={record.name}>
                <KindIcon kind={field.kind} size={13} />
                {field.name}
              </span>
              <div className={record.value}>
                <FieldValue value={value(field)} context={past.context(field)} />
              </div>
            </div>
          ))}
        </div>
      </div>
    </aside>
  )
}
