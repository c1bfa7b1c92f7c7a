/** One deleted record: its name, a few cells, and the button that brings it back. */
import { RotateCcw } from 'lucide-react'
import { useSession, useUsers } from '../../api/queries'
import type { CellValue, Field, RecordId } from '../../api/types'
import { Button } from '../../ui/Button'
import { Checkbox } from '../../ui/Checkbox'
import { cellText } from '../import/previewColumns'
import styles from './Trash.module.css'

interface TrashRowProps {
  id: RecordId
  fields: Field[]
  values: CellValue[]
  names: Record<RecordId, string>
  chosen: boolean
  busy: boolean
  onChoose: (on: boolean) => void
  onRestore: () => void
}

export function TrashRow({ fields, values, names, chosen, busy, onChoose, onRestore }: TrashRowProps) {
  const { data: session } = useSession()
  const { data: users } = useUsers()
  const wording = { zone: session?.settings.time_zone ?? 'UTC', names, users: users ?? [] }
  const texts = fields.map((field, index) => cellText(values[index] ?? null, field, wording))
  const name = texts[0] || 'Unnamed'
  return (
    <div className={styles.row} role="row" data-chosen={chosen || undefined}>
      <span role="cell" className={styles.tick}>
        <Checkbox label={`Choose ${name}`} checked={chosen} onChange={onChoose} />
      </span>
      {texts.map((text, index) => (
        <span
          key={fields[index]?.id}
          role="cell"
          className={index === 0 ? styles.name : styles.cell}
          title={text && index > 0 ? `${fields[index]?.name}: ${text}` : text}
        >
          {index === 0 ? name : text}
        </span>
      ))}
      <span role="cell" className={styles.side}>
        <Button size="small" variant="ghost" icon={<RotateCcw size={13} />} disabled={busy} onClick={onRestore}>
          Restore
        </Button>
      </span>
    </div>
  )
}
