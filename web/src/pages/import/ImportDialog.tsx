/** The import wizard over the grid: the grid stays where it was and shows the rows as they come. */
import { useState } from 'react'
import { useLocation } from 'wouter'
import { useTables } from '../../api/queries'
import type { Table } from '../../api/types'
import { Dialog } from '../../ui/Dialog'
import { paths } from '../paths'
import styles from './Import.module.css'
import { ImportWizard } from './ImportWizard'
import { findTable } from './mapping'
import { NEW_TABLE } from './newTable'

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
  const [made, setMade] = useState(false)
  const [, navigate] = useLocation()
  const tables = data?.tables ?? [table]

  function close() {
    setRunId(null)
    setMade(false)
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
        table={tableKey === NEW_TABLE ? undefined : (findTable(tables, tableKey) ?? table)}
        runId={runId}
        onTable={setTableKey}
        made={made}
        onRun={(run) => {
          setMade(false)
          setRunId(run)
        }}
        onMade={(id, run) => {
          setTableKey(id)
          setRunId(run)
          setMade(true)
        }}
        onLeave={() => {
          close()
          if (made) navigate(paths.table(tableKey))
        }}
        compact
      />
    </Dialog>
  )
}
