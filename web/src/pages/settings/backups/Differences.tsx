/** What restoring would do to each table: how many records come back, change and go, with the first of each. */
import { useState } from 'react'
import { Button } from '../../../ui/Button'
import styles from './Backups.module.css'
import type { RecordDifference, RestorePreview, TableDifference } from './wire'

type BringBack = (table: string, record: string, name: string) => Promise<void>

export function Differences({ preview, onBringBack }: { preview: RestorePreview; onBringBack: BringBack }) {
  const changed = preview.tables.filter(touched)
  const migrations = Object.values(preview.migrations).flat().length
  return (
    <div className={styles.differences}>
      <p>
        Version {preview.version_now.toLocaleString()} now, version {preview.version_then.toLocaleString()} in the
        backup
        {preview.versions_lost > 0 && `: ${lostText(preview.versions_lost)} made since would be gone`}.
        {migrations > 0 && ` It is brought up to date by ${migrations} migrations.`}
      </p>
      {changed.length === 0 && <p>The records are the same on both sides.</p>}
      {changed.map((table) => (
        <Table key={table.table} table={table} onBringBack={onBringBack} />
      ))}
    </div>
  )
}

function lostText(versions: number): string {
  return versions === 1 ? 'one change' : `${versions.toLocaleString()} changes`
}

function touched(table: TableDifference): boolean {
  return (
    table.added + table.changed + table.removed > 0 || table.fields_added.length > 0 || table.fields_removed.length > 0
  )
}

function Table({ table, onBringBack }: { table: TableDifference; onBringBack: BringBack }) {
  return (
    <section className={styles.table}>
      <h3>
        {table.name}
        <Count count={table.added} sort="added" text="come back" />
        <Count count={table.changed} sort="changed" text="change" />
        <Count count={table.removed} sort="removed" text="go" />
      </h3>
      {table.fields_added.length > 0 && <p>Fields that come back: {table.fields_added.join(', ')}</p>}
      {table.fields_removed.length > 0 && <p>Fields that go: {table.fields_removed.join(', ')}</p>}
      <ul>
        <Samples sort="added" records={table.samples_added} table={table} onBringBack={onBringBack} />
        <Samples sort="changed" records={table.samples_changed} table={table} onBringBack={onBringBack} />
        <Samples sort="removed" records={table.samples_removed} table={table} />
      </ul>
    </section>
  )
}

function Count({ count, sort, text }: { count: number; sort: string; text: string }) {
  return count > 0 ? (
    <span className={styles.tally} data-sort={sort}>
      {count.toLocaleString()} {text}
    </span>
  ) : null
}

interface SamplesProps {
  sort: 'added' | 'changed' | 'removed'
  records: RecordDifference[]
  table: TableDifference
  onBringBack?: BringBack
}

function Samples({ sort, records, table, onBringBack }: SamplesProps) {
  const rest = table[sort] - records.length
  return (
    <>
      {records.map((record) => (
        <Sample key={record.id} sort={sort} record={record} table={table} onBringBack={onBringBack} />
      ))}
      {rest > 0 && <li className={styles.rest}>and {rest.toLocaleString()} more</li>}
    </>
  )
}

function Sample({ sort, record, table, onBringBack }: Omit<SamplesProps, 'records'> & { record: RecordDifference }) {
  const [busy, setBusy] = useState(false)
  const name = record.name || 'Without a name'
  async function bring() {
    setBusy(true)
    await onBringBack?.(table.table, record.id, name)
    setBusy(false)
  }
  return (
    <li className={styles.sample} data-sort={sort}>
      <div>
        <strong>{name}</strong>
        {record.fields.map((cell) => (
          <span key={cell.field} className={styles.cell}>
            {cell.name}: <del>{cell.now || 'empty'}</del> <ins>{cell.then || 'empty'}</ins>
          </span>
        ))}
      </div>
      {onBringBack && (
        <Button size="small" variant="ghost" busy={busy} onClick={() => void bring()}>
          Only this one
        </Button>
      )}
    </li>
  )
}
