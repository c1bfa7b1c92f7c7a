/** Several records side by side: which stays, whose value of each field, what moves along, and the result before it is so. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Combine } from 'lucide-react'
import { type KeyboardEvent, useEffect, useState } from 'react'
import { useLocation, useSearch } from 'wouter'
import { ApiError, api, explain, newIdempotencyKey } from '../../api/client'
import type { MergePreview, Take } from '../../api/merging'
import { useTables } from '../../api/queries'
import type { ChangeAnswer, RecordId, Table } from '../../api/types'
import { useContexts } from '../../record/useContexts'
import { toast } from '../../shell/toasts'
import { useLiveWorkspace, useTableChanges } from '../../store/useLive'
import type { Workspace } from '../../store/workspace'
import { Button } from '../../ui/Button'
import { EmptyState, Notice, SkeletonLines } from '../../ui/Feedback'
import { Page, PageHead } from '../../ui/Page'
import { paths } from '../paths'
import { Comparison } from './Comparison'
import styles from './Merge.module.css'
import { Moves } from './Moves'

export default function MergePage() {
  const { data } = useTables()
  const asked = new URLSearchParams(useSearch())
  const workspace = useLiveWorkspace()
  const table = data?.tables.find(({ key, id }) => key === asked.get('table') || id === asked.get('table'))
  const records = [...new Set((asked.get('records') ?? '').split(',').filter(Boolean))]
  return (
    <Page width="wide">
      {!data || !workspace ? (
        <SkeletonLines count={8} />
      ) : table && records.length > 1 ? (
        <Merge key={records.join()} {...{ table, tables: data.tables, records, workspace }} back={asked.has('back')} />
      ) : (
        <EmptyState
          heading="h1"
          icon={<Combine size={20} />}
          title="Nothing to merge"
          text="Choose two records or more in the grid, or take a suggestion from the list of duplicates."
        />
      )}
    </Page>
  )
}

interface MergeProps {
  table: Table
  tables: readonly Table[]
  records: RecordId[]
  workspace: Workspace
  back: boolean
}

function Merge({ table, tables, records, workspace, back }: MergeProps) {
  const [, navigate] = useLocation()
  const [into, setInto] = useState(records[0] as RecordId)
  const [take, setTake] = useState<Take>({})
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string>()
  const context = useContexts(workspace)
  const others = records.filter((id) => id !== into)
  const query = useQuery({
    queryKey: ['merge', table.id, into, records.join(), take],
    queryFn: ({ signal }) =>
      api.post<MergePreview>(`/api/tables/${table.id}/merge-preview`, { into, records: others, take }, { signal }),
    placeholderData: keepPreviousData,
    staleTime: 0,
    gcTime: 0,
  })
  const preview = query.data
  useEffect(() => {
    if (preview) workspace.learn(preview.names)
  }, [preview, workspace])
  useTableChanges(workspace, table.id, () => void query.refetch())
  const leave = () => navigate(back ? paths.duplicates(table.key) : paths.table(table.key))
  const ready = preview !== undefined && !query.isPlaceholderData && !query.isFetching

  async function merge() {
    if (!preview || !ready || busy) return
    setBusy(true)
    setProblem(undefined)
    const op = { op: 'merge', table: table.id, into, records: others, take }
    const name = nameOf(preview, into)
    try {
      const body = { ops: [op], base_version: preview.version }
      const answer = await api.post<ChangeAnswer>('/api/changes', body, { idempotencyKey: newIdempotencyKey() })
      const done = workspace.did(answer.version, `Merge into ${name}`)
      toast({
        text: `${records.length} ${table.name.toLowerCase()} merged into ${name}`,
        tone: 'success',
        action: { label: 'Undo', run: () => workspace.undoOne(done) },
        duration: 10_000,
      })
      navigate(back ? paths.duplicates(table.key) : paths.record(table.key, into), { replace: true })
    } catch (error) {
      const changed = error instanceof ApiError && error.code === 'version_conflict'
      setProblem(changed ? 'A record was changed meanwhile. Look at the values as they are now.' : explain(error))
      setBusy(false)
      void query.refetch()
    }
  }

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    void merge()
  }
  if (query.error && !preview) {
    return (
      <Notice tone="danger" title="These records cannot be merged">
        {explain(query.error)}
      </Notice>
    )
  }
  if (!preview) return <SkeletonLines count={10} />
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys work wherever the focus is inside
    <div className={styles.merge} onKeyDown={onKeyDown}>
      <PageHead
        title={`Merge ${records.length} ${table.name.toLowerCase()}`}
        text="Choose which record stays, and whose value of each field. The others go to the trash, and can be brought back."
      />
      {(problem || query.error) && <Notice tone="danger">{problem ?? explain(query.error)}</Notice>}
      <Comparison {...{ table, preview, into, take, context }} onInto={setInto} onTake={setTake} />
      <Moves preview={preview} table={table} tables={tables} />
      <footer className={styles.foot}>
        <Button onClick={leave}>Cancel</Button>
        <Button
          variant="primary"
          icon={<Combine size={14} />}
          busy={busy}
          disabled={!ready}
          onClick={() => void merge()}
        >
          Merge into {nameOf(preview, into)}
        </Button>
      </footer>
    </div>
  )
}

function nameOf(preview: MergePreview, id: RecordId): string {
  return preview.records.find((record) => record.id === id)?.name || 'the unnamed record'
}
