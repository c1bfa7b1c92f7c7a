/** Tables in the trash, with the button that brings one back with its records and links. */
import { RotateCcw, Table2 } from 'lucide-react'
import type { DeletedTable } from '../../api/types'
import { timeAgo } from '../../record/timeAgo'
import { toast } from '../../shell/toasts'
import { useLiveWorkspace } from '../../store/useLive'
import { Button } from '../../ui/Button'
import styles from './Trash.module.css'

export function DeletedTables({ tables }: { tables: DeletedTable[] }) {
  const workspace = useLiveWorkspace()
  async function restore(table: DeletedTable) {
    const answer = await workspace?.sendAndWait(
      [{ op: 'restore_table', table: table.id }],
      `Restore the table ${table.name}`,
    )
    if (answer) toast({ text: `Table “${table.name}” is back`, tone: 'success' })
  }
  return (
    <section className={styles.tables} aria-label="Deleted tables">
      <h2>Deleted tables</h2>
      <ul>
        {tables.map((table) => (
          <li key={table.id}>
            <Table2 size={14} aria-hidden="true" />
            <span className={styles.name}>{table.name}</span>
            <span className={styles.count}>deleted {timeAgo(table.deleted_at)}</span>
            <Button size="small" variant="ghost" icon={<RotateCcw size={13} />} onClick={() => void restore(table)}>
              Restore
            </Button>
          </li>
        ))}
      </ul>
    </section>
  )
}
