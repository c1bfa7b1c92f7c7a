/** Everything that happened, newest first: by day, in sentences, live, as far back as one scrolls. */
import { Activity, SearchX } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useLocation, useSearch } from 'wouter'
import { ApiError, api, explain, newIdempotencyKey } from '../../api/client'
import { useSession } from '../../api/queries'
import { confirm } from '../../shell/confirm'
import { toast } from '../../shell/toasts'
import { Button } from '../../ui/Button'
import { EmptyState, Notice, Skeleton } from '../../ui/Feedback'
import { Page, PageHead } from '../../ui/Page'
import { paths } from '../paths'
import styles from './Activity.module.css'
import { byDay } from './days'
import { Entry } from './Entry'
import { FilterBar } from './FilterBar'
import { type Filters, type Happening, readFilters, sentence, writeFilters } from './types'
import { useFeed } from './useFeed'

/** A search that finds nothing stops by itself after so many empty pages, and asks. */
const PATIENCE = 4

export default function ActivityPage() {
  const search = useSearch()
  const [, navigate] = useLocation()
  const { data: session } = useSession()
  const filters = useMemo(() => readFilters(search), [search])
  const feed = useFeed(filters)
  const days = useMemo(() => byDay(feed.items), [feed.items])
  const change = (next: Filters) => navigate(writeFilters(next), { replace: true })
  const fresh = new Set(feed.items.slice(0, feed.fresh).map((item) => item.id))
  const admin = session?.user?.role === 'admin'
  return (
    <Page>
      <PageHead
        title="Activity"
        text={
          admin
            ? 'What the team, its programs and the CRM itself did. Nothing here is ever rewritten.'
            : 'What the team did. Nothing here is ever rewritten.'
        }
      />
      <FilterBar filters={filters} record={nameOf(filters.record, feed.items)} onChange={change} />
      {feed.error ? (
        <Notice tone="danger" action={<Button onClick={() => void feed.refetch()}>Try again</Button>}>
          {explain(feed.error)}
        </Notice>
      ) : !feed.data ? (
        <Waiting />
      ) : feed.items.length === 0 && !feed.hasNextPage ? (
        <Nothing filtered={Object.keys(filters).length > 0} onClear={() => change({})} />
      ) : (
        <>
          {days.map((day) => (
            <section key={day.key} className={styles.day} aria-label={day.label}>
              <h2>{day.label}</h2>
              <ol>
                {day.items.map((item) => (
                  <Entry key={item.id} item={item} fresh={fresh.has(item.id)} onUndo={(one) => void undo(one)} />
                ))}
              </ol>
            </section>
          ))}
          <More feed={feed} />
        </>
      )}
    </Page>
  )
}

/** What a record is called in the newest entry about it. */
function nameOf(record: string | undefined, items: readonly Happening[]): string | undefined {
  if (record === undefined) return undefined
  return items.flatMap((item) => item.parts).find((part) => part.id === record)?.text
}

/** Reads on as its place comes into sight; a long search in vain asks first. */
function More({ feed }: { feed: ReturnType<typeof useFeed> }) {
  const mark = useRef<HTMLDivElement>(null)
  const { hasNextPage, isFetchingNextPage, fetchNextPage, data, last } = feed
  const [allowed, setAllowed] = useState(PATIENCE)
  const pages = data?.pages ?? []
  const empty = pages.length - 1 - pages.findLastIndex((page) => page.items.length > 0)
  const asks = empty >= allowed

  // biome-ignore lint/correctness/useExhaustiveDependencies: looks again after every page
  useEffect(() => {
    if (!mark.current || !hasNextPage || isFetchingNextPage || asks) return
    const sight = new IntersectionObserver(
      ([entry]) => entry?.isIntersecting && void fetchNextPage({ cancelRefetch: false }),
      { rootMargin: '600px' },
    )
    sight.observe(mark.current)
    return () => sight.disconnect()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage, asks, pages.length])

  if (!hasNextPage) {
    return <p className={styles.end}>{feed.items.length > 0 && 'This is where it all began.'}</p>
  }
  const until = last?.searched_to && new Date(last.searched_to).toLocaleDateString('en', { dateStyle: 'long' })
  return (
    <div ref={mark} className={styles.more} aria-live="polite">
      {until && <span>Looked back to {until}.</span>}
      {asks ? (
        <Button onClick={() => setAllowed(empty + PATIENCE)}>Look further back</Button>
      ) : (
        <Skeleton width="60%" height={14} />
      )}
    </div>
  )
}

function Waiting() {
  return (
    <div role="status" aria-label="Loading" className={styles.waiting}>
      {['64%', '48%', '72%', '55%', '61%', '43%'].map((width) => (
        <span key={width}>
          <Skeleton width={28} height={28} className={styles.round} />
          <Skeleton width={width} height={13} />
        </span>
      ))}
    </div>
  )
}

function Nothing({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  const [, navigate] = useLocation()
  return filtered ? (
    <EmptyState
      icon={<SearchX size={20} />}
      title="Nothing like that happened"
      text="No entry fits all of these filters."
      actions={<Button onClick={onClear}>Clear the filters</Button>}
    />
  ) : (
    <EmptyState
      icon={<Activity size={20} />}
      title="Nothing has happened yet"
      text="Every change, import and comment of the team will be told here."
      actions={
        <Button variant="primary" onClick={() => navigate(paths.import())}>
          Import a CSV
        </Button>
      }
    />
  )
}

async function undo(item: Happening, force = false): Promise<void> {
  const sure = force || (await confirm({ title: 'Undo this change?', text: `${sentence(item)}.`, action: 'Undo' }))
  if (!sure) return
  try {
    await api.post(`/api/changes/${item.version}/undo`, undefined, {
      idempotencyKey: newIdempotencyKey(),
      query: { force: force || undefined },
    })
    toast({ text: 'Undone', detail: sentence(item), tone: 'success' })
  } catch (error) {
    const later = error instanceof ApiError && error.status === 409
    toast({
      text: later ? 'It was changed again since' : 'Nothing was undone',
      detail: explain(error),
      tone: 'danger',
      ...(later ? { action: { label: 'Undo anyway', run: () => void undo(item, true) } } : {}),
    })
  }
}
