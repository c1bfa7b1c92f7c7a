/** Deleted records of each table, and the way back: one, many, or all that a search finds. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { RotateCcw, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useLocation, useSearch } from 'wouter'
import { api, explain, newIdempotencyKey } from '../../api/client'
import { queryClient, useTables } from '../../api/queries'
import type { ChangeAnswer, QueryAnswer, QueryRequest, RecordId, Table } from '../../api/types'
import { toast } from '../../shell/toasts'
import { Button } from '../../ui/Button'
import { Checkbox } from '../../ui/Checkbox'
import { EmptyState, Notice, SkeletonLines } from '../../ui/Feedback'
import { Page, PageHead } from '../../ui/Page'
import { SearchInput } from '../../ui/SearchInput'
import { Segments } from '../../ui/Segments'
import { paths } from '../paths'
import { DeletedTables } from './DeletedTables'
import styles from './Trash.module.css'
import { TrashRow } from './TrashRow'

const PAGE = 100
const SHOWN_FIELDS = 4

export default function TrashPage() {
  const { data } = useTables()
  const params = new URLSearchParams(useSearch())
  const [, navigate] = useLocation()
  const tables = data?.tables ?? []
  const table = tables.find((item) => item.key === params.get('table')) ?? tables[0]
  return (
    <Page width="list">
      <PageHead
        title="Trash"
        text="Deleted records wait here until an admin sets a limit. Restoring brings back every cell and link."
        action={
          table && (
            <Segments
              label="Table"
              value={table.key}
              onChange={(key) => navigate(paths.trash(key), { replace: true })}
              options={tables.map((item) => ({ value: item.key, label: item.name }))}
            />
          )
        }
      />
      {data && data.deleted.length > 0 && <DeletedTables tables={data.deleted} />}
      {table ? <TrashTable key={table.id} table={table} /> : <SkeletonLines count={6} />}
    </Page>
  )
}

/** The primary field and the next few that say most. */
function shownFields(table: Table) {
  const live = table.fields.filter((field) => !field.archived_at).sort((a, b) => a.position - b.position)
  const primary = live.filter((field) => field.id === table.primary_field)
  const rest = live.filter(
    (field) => field.id !== table.primary_field && !['long_text', 'checkbox'].includes(field.kind),
  )
  return [...primary, ...rest].slice(0, SHOWN_FIELDS)
}

function TrashTable({ table }: { table: Table }) {
  const [search, setSearch] = useState('')
  const [chosen, setChosen] = useState<ReadonlySet<RecordId>>(new Set())
  const [busy, setBusy] = useState(false)
  const fields = shownFields(table)
  const key = ['trash', table.id, search]
  const query = useInfiniteQuery({
    queryKey: key,
    initialPageParam: 0,
    queryFn: ({ pageParam, signal }) => {
      const body: QueryRequest = {
        deleted: true,
        fields: fields.map((field) => field.id),
        offset: pageParam,
        limit: PAGE,
      }
      if (search) body.search = search
      return api.post<QueryAnswer>(`/api/tables/${table.id}/query`, body, { signal })
    },
    getNextPageParam: (last) =>
      last.offset + last.ids.length < last.total ? last.offset + last.ids.length : undefined,
    staleTime: 0,
    placeholderData: (before) => before,
  })
  const pages = query.data?.pages ?? []
  const total = pages[0]?.total ?? 0
  const ids = pages.flatMap((page) => page.ids)
  const noun = (count: number) =>
    `${count.toLocaleString()} ${count === 1 ? table.name_one.toLowerCase() : table.name.toLowerCase()}`

  async function restore(which: RecordId[]) {
    setBusy(true)
    try {
      const body = { ops: [{ op: 'restore', table: table.id, ids: which }] }
      const answer = await api.post<ChangeAnswer>('/api/changes', body, { idempotencyKey: newIdempotencyKey() })
      setChosen(new Set())
      await queryClient.invalidateQueries({ queryKey: ['trash', table.id] })
      toast({
        text: `Restored ${noun(which.length)}`,
        tone: 'success',
        action: { label: 'Undo', run: () => void undo(answer.version) },
      })
    } catch (error) {
      toast({ text: 'Nothing was restored', detail: explain(error), tone: 'danger' })
    } finally {
      setBusy(false)
    }
  }

  async function undo(version: number) {
    try {
      await api.post<ChangeAnswer>(`/api/changes/${version}/undo`)
      await queryClient.invalidateQueries({ queryKey: ['trash', table.id] })
    } catch (error) {
      toast({ text: explain(error), tone: 'danger' })
    }
  }

  function choose(id: RecordId, on: boolean) {
    const next = new Set(chosen)
    if (on) next.add(id)
    else next.delete(id)
    setChosen(next)
  }

  if (query.error) return <Notice tone="danger">{explain(query.error)}</Notice>
  if (!query.data) return <SkeletonLines count={6} />
  if (total === 0 && !search) {
    return (
      <EmptyState
        icon={<Trash2 size={20} />}
        title={`No deleted ${table.name.toLowerCase()}`}
        text="What you delete in the grid appears here, and can be restored whole."
      />
    )
  }
  return (
    <>
      <div className={styles.bar}>
        <Checkbox
          label="Choose all shown"
          checked={ids.length > 0 && chosen.size === ids.length}
          indeterminate={chosen.size > 0 && chosen.size < ids.length}
          onChange={(on) => setChosen(new Set(on ? ids : []))}
        />
        {chosen.size > 0 ? (
          <Button
            size="small"
            variant="primary"
            icon={<RotateCcw size={13} />}
            busy={busy}
            onClick={() => void restore([...chosen])}
          >
            Restore {noun(chosen.size)}
          </Button>
        ) : (
          <span className={styles.count}>{noun(total)}</span>
        )}
        <SearchInput label="Search the trash" className={styles.search} value={search} onChange={setSearch} />
      </div>
      <div className={styles.rows} role="table" aria-label={`Deleted ${table.name.toLowerCase()}`}>
        {pages.flatMap((page) =>
          page.ids.map((id, row) => (
            <TrashRow
              key={id}
              id={id}
              fields={fields}
              values={fields.map((field) => page.columns[page.fields.indexOf(field.id)]?.[row] ?? null)}
              names={page.names}
              chosen={chosen.has(id)}
              busy={busy}
              onChoose={(on) => choose(id, on)}
              onRestore={() => void restore([id])}
            />
          )),
        )}
        {total === 0 && <p className={styles.none}>Nothing deleted matches “{search}”.</p>}
      </div>
      {query.hasNextPage && (
        <Button className={styles.more} busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          Show more ({(total - ids.length).toLocaleString()} left)
        </Button>
      )}
    </>
  )
}
