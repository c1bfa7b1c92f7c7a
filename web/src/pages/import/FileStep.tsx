/** Step one: which table, which file; below, what was imported before. */
import { useQuery } from '@tanstack/react-query'
import { formatDistanceToNow } from 'date-fns'
import { FileSpreadsheet, Plus, Upload } from 'lucide-react'
import { type DragEvent, useRef, useState } from 'react'
import { api } from '../../api/client'
import type { ImportRun, ImportStatus, Table } from '../../api/types'
import { cx } from '../../ui/classes'
import { Badge } from '../../ui/Feedback'
import { Select } from '../../ui/Select'
import styles from './Import.module.css'
import { findTable } from './mapping'
import { NEW_TABLE } from './newTable'
import { importsKey } from './useImportRun'

interface FileStepProps {
  tables: Table[]
  /** Undefined: a new one is made for the file. */
  table: Table | undefined
  busy: boolean
  onTable: (key: string) => void
  onFile: (file: File) => void
  onOpen: (run: string) => void
}

export function FileStep({ tables, table, busy, onTable, onFile, onOpen }: FileStepProps) {
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const [wrong, setWrong] = useState('')

  function take(file: File | undefined) {
    if (!file) return
    const sheet = /\.(xlsx?|ods|numbers)$/i.test(file.name)
    setWrong(sheet ? `“${file.name}” is a workbook. Save the sheet as CSV and drop that.` : '')
    if (!sheet) onFile(file)
  }

  function drop(event: DragEvent) {
    event.preventDefault()
    setOver(false)
    take(event.dataTransfer.files[0])
  }

  return (
    <div className={styles.body}>
      <div className={styles.narrow}>
        <div className={styles.into}>
          <span>Import into</span>
          <Select
            label="Table to import into"
            className={styles.intoSelect}
            value={table?.key ?? NEW_TABLE}
            onChange={onTable}
            options={[
              ...tables.map((item) => ({ value: item.key, label: item.name })),
              { value: NEW_TABLE, label: 'A new table', icon: <Plus size={14} /> },
            ]}
          />
        </div>
        <button
          type="button"
          className={cx(styles.drop, over && styles.over)}
          onClick={() => input.current?.click()}
          onDragOver={(event) => {
            event.preventDefault()
            setOver(true)
          }}
          onDragLeave={() => setOver(false)}
          onDrop={drop}
          disabled={busy}
          aria-busy={busy}
        >
          <span className={styles.dropIcon} aria-hidden="true">
            <Upload size={20} />
          </span>
          <strong>{busy ? 'Reading the file…' : 'Drop a CSV file here, or click to choose one'}</strong>
          <span>
            Straight from Airtable’s “Download CSV”, Excel or Google Sheets. Encoding, separator and kinds are found by
            themselves.
          </span>
        </button>
        <input
          ref={input}
          type="file"
          accept=".csv,.tsv,.txt,text/csv"
          className="visually-hidden"
          tabIndex={-1}
          aria-label="CSV file"
          onChange={(event) => {
            take(event.target.files?.[0])
            event.target.value = ''
          }}
        />
        <p className={styles.wrong} role="alert">
          {wrong}
        </p>
        <RecentImports tables={tables} onOpen={onOpen} />
      </div>
    </div>
  )
}

const STATUS_LOOKS: Record<ImportStatus, { text: string; tone: 'gray' | 'green' | 'yellow' | 'red' | 'blue' }> = {
  read: { text: 'Not finished', tone: 'gray' },
  comparing: { text: 'Comparing', tone: 'blue' },
  compared: { text: 'Not finished', tone: 'gray' },
  applying: { text: 'Importing', tone: 'blue' },
  applied: { text: 'Imported', tone: 'green' },
  undone: { text: 'Undone', tone: 'yellow' },
  cancelled: { text: 'Cancelled', tone: 'gray' },
  failed: { text: 'Failed', tone: 'red' },
}

const MOST = 6
const UNFINISHED: readonly ImportStatus[] = ['read', 'compared', 'cancelled']

/** The newest imports; of those that nobody finished only the newest two, so that they do not push the others out. */
function told(runs: readonly ImportRun[]): ImportRun[] {
  const open = runs.filter((run) => UNFINISHED.includes(run.status)).slice(0, 2)
  return runs.filter((run) => open.includes(run) || !UNFINISHED.includes(run.status)).slice(0, MOST)
}

function RecentImports({ tables, onOpen }: { tables: Table[]; onOpen: (run: string) => void }) {
  const { data } = useQuery({
    queryKey: importsKey,
    queryFn: async () => (await api.get<{ imports: ImportRun[] }>('/api/imports')).imports,
  })
  if (!data || data.length === 0) return null
  return (
    <section className={styles.recent}>
      <h2>Earlier imports</h2>
      <ul>
        {told(data).map((run) => (
          <li key={run.id}>
            <button type="button" onClick={() => onOpen(run.id)}>
              <FileSpreadsheet size={15} aria-hidden="true" />
              <span className={styles.recentName}>{run.filename}</span>
              <span className={styles.quiet}>
                {findTable(tables, run.table)?.name ?? 'A deleted table'} ·{' '}
                {formatDistanceToNow(new Date(run.created_at), { addSuffix: true })}
              </span>
              <Badge tone={STATUS_LOOKS[run.status].tone}>{STATUS_LOOKS[run.status].text}</Badge>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
