/** A table as it was at an earlier moment: the same grid to look at, to search and to copy from, and the way back. */
import { useQuery } from '@tanstack/react-query'
import { History, RotateCcw } from 'lucide-react'
import { type ClipboardEvent, useCallback, useEffect, useMemo, useState } from 'react'
import { useLocation } from 'wouter'
import { ApiError, api, explain } from '../api/client'
import { useSession, useUsers } from '../api/queries'
import type { RecordId, Table, Tables } from '../api/types'
import { writeTsv } from '../grid/clipboard/tsv'
import { frozenOf, rowHeightOf, visibleFields, widthOf } from '../grid/columns'
import gridStyles from '../grid/Grid.module.css'
import { shownAs } from '../grid/kinds/computed'
import { NOTHING, ranges, rowsOf, type Selection } from '../grid/selection'
import { GridSurface } from '../grid/surface/GridSurface'
import { paths } from '../pages/paths'
import { confirm } from '../shell/confirm'
import { toast } from '../shell/toasts'
import { Button } from '../ui/Button'
import { DayInput } from '../ui/DayInput'
import { EmptyState, SkeletonLines } from '../ui/Feedback'
import { SearchInput } from '../ui/SearchInput'
import { Select } from '../ui/Select'
import { asOfIn, dayBefore, momentWords } from './moment'
import styles from './Past.module.css'
import { PastRecord } from './PastRecord'
import { MOST_RESTORED, restoreRecords } from './restoreRecords'
import { usePastRows } from './usePastRows'

const MOST_COPIED = 100_000
const TYPING_MS = 250

interface PastPageProps {
  /** The table as it is now. */
  now: Table
  asOf: string
  view: string | null
}

export default function PastPage({ now, asOf, view }: PastPageProps) {
  const [, navigate] = useLocation()
  const { data, error } = useQuery({
    queryKey: ['past', asOf],
    queryFn: ({ signal }) => api.get<Tables>('/api/tables', { query: { as_of: asOf }, signal }),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  })
  const back = () => navigate(paths.table(now.key))
  const then = data?.tables.find((table) => table.id === now.id)
  return (
    <div className={gridStyles.page}>
      <div className={styles.banner} role="status">
        <History size={15} aria-hidden="true" />
        <h1>
          {now.name} as they were <strong>{momentWords(asOf)}</strong>
          {data && asOfIn(asOf).version === undefined && (
            <span className={styles.quiet}> · version {data.version}</span>
          )}
        </h1>
        <DayInput
          size="small"
          label="Another day"
          value={/^\d{4}-\d{2}-\d{2}/.test(asOf) ? asOf.slice(0, 10) : ''}
          max={dayBefore(0)}
          onChange={(day) => day && navigate(paths.past(now.key, day, view ?? undefined))}
        />
        <Button size="small" variant="primary" onClick={back}>
          Back to now
        </Button>
      </div>
      {error ? (
        <EmptyState
          icon={<History size={20} />}
          title={error instanceof ApiError && error.status === 404 ? 'There was no such state' : 'It could not be read'}
          text={explain(error)}
          actions={<Button onClick={back}>Back to now</Button>}
        />
      ) : !data ? (
        <div className={styles.waiting}>
          <p>Putting the table together from its history…</p>
          <SkeletonLines count={8} />
        </div>
      ) : then ? (
        <PastGrid
          key={`${then.id} ${data.version}`}
          now={now}
          then={then}
          version={data.version}
          asOf={asOf}
          view={view}
        />
      ) : (
        <EmptyState
          icon={<History size={20} />}
          title="This table was not there yet"
          actions={<Button onClick={back}>Back to now</Button>}
        />
      )}
    </div>
  )
}

function PastGrid({ now, then, version, asOf, view }: PastPageProps & { then: Table; version: number }) {
  const [, navigate] = useLocation()
  const { data: session } = useSession()
  const { data: people } = useUsers()
  const views = then.views.filter((one) => one.deleted_at === null).sort((a, b) => a.position - b.position)
  const shown = views.find((one) => one.id === view) ?? views[0]
  const config = useMemo(() => shown?.config ?? {}, [shown])
  const fields = useMemo(() => visibleFields(then, config), [then, config])
  const [text, setText] = useState('')
  const [search, setSearch] = useState('')
  const [widths, setWidths] = useState<Record<string, number>>({})
  const [selection, setSelection] = useState<Selection>(NOTHING)
  const [opened, setOpened] = useState<RecordId>()
  const [busy, setBusy] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setSearch(text.trim()), TYPING_MS)
    return () => clearTimeout(timer)
  }, [text])
  const query = useMemo(() => {
    const living = new Set(then.fields.filter((field) => field.archived_at === null).map((field) => field.id))
    const sorts = [...(config.groups ?? []), ...(config.sorts ?? [])].filter((sort) => living.has(sort.field))
    return { filter: config.filter ?? null, groups: [], sorts, search }
  }, [then, config, search])
  const past = usePastRows(then, version, fields, query, people ?? [], session?.settings.time_zone ?? 'UTC')
  const { rows } = past
  const total = rows.total
  const columns = fields.map((field) => ({
    id: field.id,
    title: field.name,
    width: widths[field.id] ?? widthOf(field, config),
    icon: shownAs(field).kind,
    locked: true,
  }))
  const selected = ranges(selection, fields.length, total ?? 0)
  const chosen = [...new Set(rowsOf(selected))].flatMap((row) => rows.idAt(row) ?? [])

  const restore = useCallback(
    async (ids: readonly RecordId[]) => {
      const which = ids.length === 1 ? `This ${now.name_one.toLowerCase()}` : `${ids.length} ${now.name.toLowerCase()}`
      const sure = await confirm({
        title: 'Restore to this state?',
        text: `${which} will get the cells from ${momentWords(asOf)}. What changed since is overwritten; it can be undone.`,
        action: 'Restore',
      })
      if (!sure) return
      setBusy(true)
      const records = ids.map((id) => ({ id, cells: rows.cache.record(id) ?? {} }))
      await restoreRecords(then, now, records, momentWords(asOf))
      setBusy(false)
    },
    [rows, then, now, asOf],
  )
  const copy = (event: ClipboardEvent) => {
    const [first] = selected
    if (!first) return
    event.preventDefault()
    if (selected.reduce((sum, range) => sum + range.cols * range.rows, 0) > MOST_COPIED) {
      toast({
        text: 'That is too much to copy',
        detail: `At most ${MOST_COPIED.toLocaleString()} cells.`,
        tone: 'danger',
      })
      return
    }
    const lines = selected.flatMap((range) =>
      Array.from({ length: range.rows }, (_, row) =>
        Array.from({ length: range.cols }, (_, col) => past.text(range.col + col, range.row + row)),
      ),
    )
    event.clipboardData.setData('text/plain', writeTsv(lines))
  }
  if (rows.unread) {
    return <EmptyState icon={<History size={20} />} title="It could not be read" text={explain(rows.problem)} />
  }
  return (
    <>
      <div className={styles.bar} role="toolbar" aria-label="Earlier state">
        <Select
          label="View"
          size="small"
          value={shown?.id ?? null}
          onChange={(id) => navigate(paths.past(now.key, asOf, id), { replace: true })}
          options={views.map((one) => ({ value: one.id, label: one.name }))}
        />
        <SearchInput label="Search" className={styles.search} value={text} onChange={setText} />
        {chosen.length > 0 && (
          <Button
            size="small"
            icon={<RotateCcw size={13} />}
            busy={busy}
            disabled={chosen.length > MOST_RESTORED}
            onClick={() => void restore(chosen)}
          >
            {chosen.length === 1
              ? `Restore this ${then.name_one.toLowerCase()}`
              : `Restore ${chosen.length.toLocaleString()} ${then.name.toLowerCase()}`}
          </Button>
        )}
        <span className={styles.total}>
          {total === undefined
            ? ''
            : `${total.toLocaleString()} ${(total === 1 ? then.name_one : then.name).toLowerCase()}`}
        </span>
      </div>
      <div className={gridStyles.stage}>
        <div className={gridStyles.body} onCopy={copy}>
          <div className={gridStyles.canvas}>
            <GridSurface
              columns={columns}
              frozen={frozenOf(config, columns.length)}
              rows={total ?? 40}
              rowHeight={rowHeightOf(config)}
              version={past.revision}
              cell={past.paint}
              selection={selection}
              onSelection={setSelection}
              onKey={(press) => {
                const row = selection.cell?.[1]
                if (press.key === ' ' && row !== undefined) setOpened(rows.idAt(row))
                else if (press.key === 'Escape' && opened !== undefined) setOpened(undefined)
                else return false
                return true
              }}
              onActivate={(_, row) => setOpened(rows.idAt(row))}
              onClick={() => false}
              onVisible={({ from, to }) => rows.show(from, to)}
              onHeaderMenu={() => undefined}
              onCellMenu={() => undefined}
              onExpand={(row) => setOpened(rows.idAt(row))}
              onMoveColumn={() => undefined}
              onResizeColumn={(col, width) => {
                const field = fields[col]
                if (field) setWidths((old) => ({ ...old, [field.id]: Math.round(width) }))
              }}
              onHoverHeader={() => undefined}
              onFill={() => undefined}
            />
            {total === 0 && (
              <div className={gridStyles.empty}>
                <EmptyState
                  icon={<History size={20} />}
                  title={search ? 'Nothing matches' : `There were no ${then.name.toLowerCase()} then`}
                />
              </div>
            )}
          </div>
        </div>
        {opened !== undefined && (
          <PastRecord
            table={then}
            id={opened}
            past={past}
            busy={busy}
            onRestore={() => void restore([opened])}
            onClose={() => setOpened(undefined)}
          />
        )}
      </div>
    </>
  )
}
