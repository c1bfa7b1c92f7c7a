/** Who changed what in this record, newest first; of one cell too, and each value can be brought back. */
import { useQuery } from '@tanstack/react-query'
import { RotateCcw } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'wouter'
import { api, explain } from '../api/client'
import type { CellValue, HistoryAnswer, HistoryItem } from '../api/types'
import { canWrite, kindOf } from '../grid/kinds'
import type { GridModel } from '../grid/model'
import { paths } from '../pages/paths'
import { updateOp } from '../store/ops'
import { Avatar } from '../ui/Avatar'
import { IconButton } from '../ui/Button'
import { Notice, SkeletonLines } from '../ui/Feedback'
import { Select } from '../ui/Select'
import { FieldValue } from './FieldValue'
import styles from './Record.module.css'
import { timeAgo } from './timeAgo'

interface HistoryProps {
  model: GridModel
  id: string
  /** Grows with every change of the record. */
  stamp: number
  /** Nothing can be brought back while the record lies in the trash. */
  locked: boolean
}

export function History({ model, id, stamp, locked }: HistoryProps) {
  const [field, setField] = useState('')
  const table = model.setting.table.id
  const { data, error } = useQuery({
    queryKey: ['history', table, id, stamp],
    queryFn: () => api.get<HistoryAnswer>(`/api/tables/${table}/records/${model.workspace.queue.realId(id)}/history`),
    placeholderData: (old) => old,
  })
  if (error) return <Notice tone="danger">{explain(error)}</Notice>
  if (!data) return <SkeletonLines count={6} />
  if (data.items.length === 0) return <p className={styles.nothing}>Nothing has changed yet.</p>
  const touched = new Set(data.items.flatMap((item) => Object.keys({ ...item.before, ...item.after })))
  const fields = model.setting.table.fields.filter((one) => touched.has(one.id))
  const items = field ? data.items.filter((item) => field in { ...item.before, ...item.after }) : data.items
  const restore = (of: string, value: CellValue) => {
    const name = fields.find((one) => one.id === of)?.name ?? 'a cell'
    model.workspace.send([updateOp(table, [[id, of, value]])], `Restore ${name}`)
  }
  return (
    <>
      <div className={styles.historyBar}>
        <Select
          label="Of which field"
          size="small"
          value={field}
          onChange={setField}
          options={[{ value: '', label: 'All fields' }, ...fields.map((one) => ({ value: one.id, label: one.name }))]}
        />
        <Link
          href={`${paths.activity(model.workspace.queue.realId(id))}&table=${encodeURIComponent(model.setting.table.key)}`}
          className={styles.all ?? ''}
        >
          In the activity feed
        </Link>
      </div>
      <ol className={styles.history}>
        {items.map((item) => (
          <HistoryEntry
            key={`${item.version}-${item.kind}`}
            item={item}
            model={model}
            only={field}
            onRestore={locked ? undefined : restore}
          />
        ))}
      </ol>
    </>
  )
}

const VERBS: Readonly<Record<string, string>> = {
  create: 'added this record',
  delete: 'deleted this record',
  restore: 'restored this record',
  move: 'moved this record',
  merge: 'merged others into this record',
  separate: 'took others out of this record again',
}

const SOURCES: Readonly<Record<string, string>> = {
  api: 'by API',
  import: 'by import',
  undo: 'by undo',
  restore: 'by restore',
}

interface EntryProps {
  item: HistoryItem
  model: GridModel
  /** One field, or all of them when empty. */
  only: string
  onRestore: ((field: string, value: CellValue) => void) | undefined
}

function HistoryEntry({ item, model, only, onRestore }: EntryProps) {
  const cells = { ...item.before, ...item.after }
  const fields = model.setting.table.fields.filter((field) => field.id in cells && (only === '' || field.id === only))
  const who = item.actor?.name ?? 'The system'
  const source = SOURCES[item.source.split(':')[0] ?? '']
  return (
    <li className={styles.entry}>
      <Avatar id={item.actor?.id ?? 'system'} name={who} size={22} />
      <div className={styles.entryBody}>
        <p>
          <strong>{who}</strong>{' '}
          {VERBS[item.kind] ?? (fields.length === 1 ? 'changed' : `changed ${fields.length} fields`)}{' '}
          <time dateTime={item.at} title={new Date(item.at).toLocaleString()}>
            {timeAgo(item.at)}
          </time>
          {source && <span className={styles.nothing}> {source}</span>}
        </p>
        {(item.kind === 'update' || only !== '' || !(item.kind in VERBS)) &&
          fields.map((field) => (
            <div key={field.id} className={styles.diff}>
              <span className={styles.nothing}>{field.name}</span>
              <span className={styles.before}>
                <FieldValue value={item.before?.[field.id] ?? null} context={model.context(field)} />
              </span>
              <span aria-hidden="true">→</span>
              <FieldValue value={item.after?.[field.id] ?? null} context={model.context(field)} />
              {onRestore && canWrite(field) && item.kind === 'update' && (
                <IconButton
                  label={`Restore ${shortly(kindOf(field).format(item.before?.[field.id] ?? null, model.context(field)))}`}
                  size="small"
                  className={styles.restore}
                  onClick={() => onRestore(field.id, item.before?.[field.id] ?? null)}
                >
                  <RotateCcw size={12} />
                </IconButton>
              )}
            </div>
          ))}
      </div>
    </li>
  )
}

function shortly(text: string): string {
  if (text === '') return 'the empty cell'
  return text.length > 40 ? `“${text.slice(0, 39)}…”` : `“${text}”`
}
