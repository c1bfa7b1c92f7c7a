/** Who changed what in this record, newest first. */
import { useQuery } from '@tanstack/react-query'
import { api, explain } from '../api/client'
import type { HistoryAnswer, HistoryItem } from '../api/types'
import type { GridModel } from '../grid/model'
import { Avatar } from '../ui/Avatar'
import { Notice, SkeletonLines } from '../ui/Feedback'
import { FieldValue } from './FieldValue'
import styles from './Record.module.css'
import { timeAgo } from './timeAgo'

export function History({ model, id, stamp }: { model: GridModel; id: string; stamp: number }) {
  const table = model.setting.table.id
  const { data, error } = useQuery({
    queryKey: ['history', table, id, stamp],
    queryFn: () => api.get<HistoryAnswer>(`/api/tables/${table}/records/${model.workspace.queue.realId(id)}/history`),
    placeholderData: (old) => old,
  })
  if (error) return <Notice tone="danger">{explain(error)}</Notice>
  if (!data) return <SkeletonLines count={6} />
  if (data.items.length === 0) return <p className={styles.nothing}>Nothing has changed yet.</p>
  return (
    <ol className={styles.history}>
      {data.items.map((item) => (
        <HistoryEntry key={item.version} item={item} model={model} />
      ))}
    </ol>
  )
}

const VERBS: Readonly<Record<string, string>> = {
  create: 'added this record',
  delete: 'deleted this record',
  restore: 'restored this record',
  move: 'moved this record',
}

const SOURCES: Readonly<Record<string, string>> = {
  api: 'by API',
  import: 'by import',
  undo: 'by undo',
  restore: 'by restore',
}

function HistoryEntry({ item, model }: { item: HistoryItem; model: GridModel }) {
  const fields = model.setting.table.fields.filter((field) => field.id in { ...item.before, ...item.after })
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
        {(item.kind === 'update' || !(item.kind in VERBS)) &&
          fields.map((field) => (
            <div key={field.id} className={styles.diff}>
              <span className={styles.nothing}>{field.name}</span>
              <span className={styles.before}>
                <FieldValue value={item.before?.[field.id] ?? null} context={model.context(field)} />
              </span>
              <span aria-hidden="true">→</span>
              <FieldValue value={item.after?.[field.id] ?? null} context={model.context(field)} />
            </div>
          ))}
      </div>
    </li>
  )
}
