/** Records that may be the same, with why; each group is compared side by side, or said to be no duplicates. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { Combine, Sparkles } from 'lucide-react'
import { useState } from 'react'
import { Link, useLocation, useSearch } from 'wouter'
import { api, explain } from '../../api/client'
import type { Suggestion, Suggestions } from '../../api/merging'
import { useTables } from '../../api/queries'
import type { RecordId, Table } from '../../api/types'
import { timeAgo } from '../../record/timeAgo'
import { toast } from '../../shell/toasts'
import { useLiveWorkspace, useTableChanges } from '../../store/useLive'
import { Button, buttonClass } from '../../ui/Button'
import { Badge, EmptyState, Notice, SkeletonLines } from '../../ui/Feedback'
import { Page, PageHead } from '../../ui/Page'
import { Segments } from '../../ui/Segments'
import { paths } from '../paths'
import styles from './Duplicates.module.css'

const PAGE = 50

export default function DuplicatesPage() {
  const { data } = useTables()
  const asked = new URLSearchParams(useSearch()).get('table')
  const [, navigate] = useLocation()
  const tables = (data?.tables ?? []).filter((table) => table.key === asked || canHaveDuplicates(table))
  const table = tables.find((item) => item.key === asked) ?? tables[0]
  return (
    <Page width="list">
      <PageHead
        title="Duplicates"
        text="Records that may be the same, the surest first. Merging moves links, comments and activities; it can be taken back."
        action={
          table && (
            <Segments
              label="Table"
              value={table.key}
              onChange={(key) => navigate(paths.duplicates(key), { replace: true })}
              options={tables.map((item) => ({ value: item.key, label: item.name }))}
            />
          )
        }
      />
      {table ? <SuggestionList key={table.id} table={table} /> : <SkeletonLines count={6} />}
    </Page>
  )
}

/** Tables of people and firms; two tasks of one name are no mistake. */
function canHaveDuplicates(table: Table): boolean {
  return !table.builtin || table.fields.some(({ kind }) => kind === 'email' || kind === 'url')
}

function SuggestionList({ table }: { table: Table }) {
  const base = `/api/tables/${table.id}/duplicates`
  const workspace = useLiveWorkspace()
  const [gone, setGone] = useState<ReadonlySet<string>>(new Set())
  const query = useInfiniteQuery({
    queryKey: ['duplicates', table.id],
    initialPageParam: 0,
    queryFn: ({ pageParam, signal }) =>
      api.get<Suggestions>(base, { query: { offset: pageParam, limit: PAGE }, signal }),
    getNextPageParam: (last, pages) => {
      const read = pages.reduce((sum, page) => sum + page.suggestions.length, 0)
      return read < last.total ? read : undefined
    },
    staleTime: 0,
  })
  useTableChanges(workspace, table.id, () => void query.refetch())

  async function dismiss(records: RecordId[], dismissed: boolean) {
    const key = keyOf(records)
    setGone((old) => new Set(dismissed ? [...old, key] : [...old].filter((one) => one !== key)))
    try {
      await api.put(`${base}/dismissed`, { records, dismissed })
      await query.refetch()
      if (!dismissed) return
      const action = { label: 'Undo', run: () => void dismiss(records, false) }
      toast({ text: 'They will not be suggested again, to anybody', action })
    } catch (error) {
      setGone((old) => new Set([...old].filter((one) => one !== key)))
      toast({ text: 'That could not be remembered', detail: explain(error), tone: 'danger' })
    }
  }

  if (query.error) return <Notice tone="danger">{explain(query.error)}</Notice>
  if (!query.data) {
    return (
      <>
        <p className={styles.count}>Comparing {table.name.toLowerCase()}…</p>
        <SkeletonLines count={8} height={16} />
      </>
    )
  }
  const [first] = query.data.pages
  const found = query.data.pages.flatMap((page) => page.suggestions)
  const shown = found.filter(({ records }) => !gone.has(keyOf(records.map(({ id }) => id))))
  const compared = `${(first?.compared ?? 0).toLocaleString('en-US')} ${table.name.toLowerCase()} compared`
  if (shown.length === 0) {
    return (
      <EmptyState
        icon={<Sparkles size={20} />}
        title="No duplicates found"
        text={`${compared} by name, e-mail and web address. To merge others, choose them in the grid and press the right button.`}
        actions={
          <Link href={paths.table(table.key)} className={buttonClass()}>
            Open {table.name.toLowerCase()}
          </Link>
        }
      />
    )
  }
  return (
    <>
      <p className={styles.count}>
        {(first?.total ?? 0).toLocaleString('en-US')} {first?.total === 1 ? 'suggestion' : 'suggestions'}, {compared}
      </p>
      <ul className={styles.list}>
        {shown.map((suggestion) => (
          <SuggestionCard
            key={keyOf(suggestion.records.map(({ id }) => id))}
            table={table}
            suggestion={suggestion}
            onDismiss={(records) => void dismiss(records, true)}
          />
        ))}
      </ul>
      {query.hasNextPage && (
        <Button className={styles.more} busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          Show more
        </Button>
      )}
    </>
  )
}

const keyOf = (records: readonly RecordId[]): string => [...records].sort().join()

interface CardProps {
  table: Table
  suggestion: Suggestion
  onDismiss: (records: RecordId[]) => void
}

function SuggestionCard({ table, suggestion, onDismiss }: CardProps) {
  const { records, reasons, score } = suggestion
  const ids = records.map(({ id }) => id)
  const named = records.map(({ name }) => name || 'unnamed').join(', ')
  return (
    <li className={styles.card} aria-label={named}>
      <div className={styles.reasons}>
        <Sureness score={score} />
        {reasons.map(({ text }) => (
          <span key={text} className={styles.reason}>
            {text}
          </span>
        ))}
      </div>
      <ul className={styles.records}>
        {records.map((record) => (
          <li key={record.id} className={styles.record}>
            <Link href={paths.record(table.key, record.id)} className={styles.name ?? ''}>
              {record.name || `Unnamed ${table.name_one.toLowerCase()}`}
            </Link>
            <span className={styles.details}>{record.details.join(' · ')}</span>
            <time dateTime={record.created_at} title={new Date(record.created_at).toLocaleString()}>
              added {timeAgo(record.created_at)}
            </time>
          </li>
        ))}
      </ul>
      <div className={styles.deeds}>
        <Button variant="ghost" onClick={() => onDismiss(ids)}>
          Not duplicates
        </Button>
        <Link href={paths.merge(table.key, ids, true)} className={buttonClass()}>
          <Combine size={14} aria-hidden="true" />
          Compare and merge
        </Link>
      </div>
    </li>
  )
}

function Sureness({ score }: { score: number }) {
  if (score >= 0.9) return <Badge tone="green">Very likely the same</Badge>
  return score >= 0.7 ? <Badge tone="blue">Likely the same</Badge> : <Badge>Perhaps the same</Badge>
}
