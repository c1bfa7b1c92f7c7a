/** In a record's panel: what was merged into it, and the way to take that back. */
import { useQuery } from '@tanstack/react-query'
import { Combine } from 'lucide-react'
import { useState } from 'react'
import { api } from '../api/client'
import type { PastMerge } from '../api/merging'
import type { RecordId, Table } from '../api/types'
import { timeAgo } from '../record/timeAgo'
import { useTableChanges } from '../store/useLive'
import type { Workspace } from '../store/workspace'
import { Button } from '../ui/Button'
import styles from './Merged.module.css'
import { UnmergeDialog } from './UnmergeDialog'

interface MergedProps {
  workspace: Workspace
  tables: readonly Table[]
  table: Table
  record: RecordId
}

export function Merged({ workspace, tables, table, record }: MergedProps) {
  const [asked, setAsked] = useState<PastMerge>()
  const { data, refetch } = useQuery({
    queryKey: ['merges', table.id, record],
    queryFn: () => api.get<{ merges: PastMerge[] }>(`/api/tables/${table.id}/records/${record}/merges`),
    staleTime: 0,
    enabled: record.startsWith('rec'),
  })
  useTableChanges(workspace, table.id, () => void refetch())
  if (!data || data.merges.length === 0) return null
  return (
    <ul className={styles.merged} aria-label="Merged into this record">
      {data.merges.map((merge) => (
        <li key={merge.version}>
          <Combine size={14} aria-hidden="true" />
          <span className={styles.words}>
            {merge.by?.name ?? 'The CRM'} merged <strong>{namesOf(merge)}</strong> into this{' '}
            <time dateTime={merge.at} title={new Date(merge.at).toLocaleString()}>
              {timeAgo(merge.at)}
            </time>
          </span>
          <Button size="small" variant="ghost" onClick={() => setAsked(merge)}>
            Un-merge…
          </Button>
        </li>
      ))}
      {asked && <UnmergeDialog {...{ workspace, tables }} merge={asked} onClose={() => setAsked(undefined)} />}
    </ul>
  )
}

export function namesOf({ records }: PastMerge): string {
  const names = records.map(({ name }) => name || 'an unnamed record')
  return names.length <= 3 ? names.join(', ') : `${names.length} records`
}
