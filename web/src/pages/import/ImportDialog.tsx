/** The import wizard over the grid: the grid stays where it was and shows the rows as they come. */
import { useState } from 'react'
import { useTables } from '../../api/queries'
import type { Table } from '../../api/types'
import { Dialog } from '../../ui/Dialog'
import styles from './Import.module.css'
import { ImportWizard } from './ImportWizard'
import { findTable } from './mapping'

interface ImportDialogProps {
  open: boolean
  table: Table
  onClose: () => void
  finalFocus?: () => HTMLElement | null | undefined
}

export function ImportDialog({ open, table, onClose, finalFocus }: ImportDialogProps) {
  const { data } = useTables()
  const [tableKey, setTableKey] = useState(table.key)
  const [runId, setRunId] = useState<string | null>(null)
  const tables = data?.tables ?? [table]

  function close() {
    setRunId(null)
    setTableKey(table.key)
    onClose()
  }

  return (
    <Dialog
      open={open}
      onClose={close}
      size="full"
      steady
      title="Import a CSV file"
      bodyClassName={styles.inDialog}
      finalFocus={finalFocus}
    >
      <ImportWizard
        tables={tables}
        table={findTable(tables, tableKey) ?? table}
        runId={runId}
        onTable={setTableKey}
        onRun={setRunId}
        onLeave={close}
        compact
      />
    </Dialog>
  )
}
