/** What happened around the record, newest first: calls, meetings, notes, mail, comments, tasks and changes. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { CalendarDays, FileText, Phone } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { ActivityKind, LoggedActivity, Timeline as Page, TimelineKind } from '../api/around'
import { api, explain } from '../api/client'
import { queryClient } from '../api/queries'
import type { GridModel } from '../grid/model'
import { toast } from '../shell/toasts'
import { useHappenings } from '../store/useLive'
import { Button } from '../ui/Button'
import { Notice, SkeletonLines } from '../ui/Feedback'
import { LogForm } from './LogForm'
import styles from './Timeline.module.css'
import { TimelineEntry } from './TimelineEntry'
import { dayOf, type Entry, entriesOf, KIND_NAMES } from './timelineParts'

interface TimelineProps {
  model: GridModel
  /** `/api/tables/…/records/…` */
  base: string
  locked: boolean
  /** Contacts that may have taken part. */
  contacts: readonly string[]
}

const LOGS: readonly [ActivityKind, string, typeof Phone][] = [
  ['call', 'Log a call', Phone],
  ['meeting', 'Log a meeting', CalendarDays],
  ['note', 'Write a note', FileText],
]

export function Timeline({ model, base, locked, contacts }: TimelineProps) {
  const [kinds, setKinds] = useState<readonly TimelineKind[]>([])
  const [open, setOpen] = useState<{ kind: ActivityKind; entry?: LoggedActivity }>()
  const query = useInfiniteQuery({
    queryKey: ['timeline', base, kinds],
    initialPageParam: '',
    queryFn: async ({ pageParam, signal }) => {
      const asked = { kind: kinds.join(','), before: pageParam || undefined, limit: 40 }
      const page = await api.get<Page>(`${base}/timeline`, { query: asked, signal })
      model.workspace.learn(page.names)
      return page
    },
    getNextPageParam: (last) => last.next ?? undefined,
    placeholderData: (old) => old,
    staleTime: 0,
  })
  const { data, error, refetch } = query
  useHappenings(() => void refetch())
  const days = useMemo(() => byDay(entriesOf(data?.pages.flatMap((page) => page.items) ?? [])), [data])
  const done = () => {
    setOpen(undefined)
    void refetch()
  }
  const remove = async (entry: LoggedActivity) => {
    try {
      await api.delete(`/api/activities/${entry.id}`)
      await queryClient.invalidateQueries({ queryKey: ['timeline'] })
    } catch (problem) {
      toast({ text: 'The entry was not deleted', detail: explain(problem), tone: 'danger' })
    }
  }
  return (
    <div className={styles.timeline}>
      {!locked && (
        <div className={styles.logs}>
          {LOGS.map(([kind, label, Icon]) => (
            <Button key={kind} size="small" icon={<Icon size={13} />} onClick={() => setOpen({ kind })}>
              {label}
            </Button>
          ))}
        </div>
      )}
      {open && (
        <LogForm
          key={open.entry?.id ?? open.kind}
          model={model}
          base={base}
          kind={open.kind}
          entry={open.entry}
          contacts={contacts}
          done={done}
          cancel={() => setOpen(undefined)}
        />
      )}
      <Chips kinds={kinds} setKinds={setKinds} />
      {error ? (
        <Notice tone="danger">{explain(error)}</Notice>
      ) : !data ? (
        <SkeletonLines count={6} />
      ) : days.length === 0 ? (
        <p className={styles.quiet}>Nothing of that kind has happened yet.</p>
      ) : (
        days.map(({ day, entries }) => (
          <section key={entries[0]?.id} aria-label={day}>
            <h3 className={styles.day}>{day}</h3>
            <ol className={styles.entries}>
              {entries.map((entry) => (
                <TimelineEntry
                  key={entry.id}
                  entry={entry}
                  model={model}
                  locked={locked}
                  edit={(logged) => setOpen({ kind: logged.kind, entry: logged })}
                  remove={(logged) => void remove(logged)}
                />
              ))}
            </ol>
          </section>
        ))
      )}
      {query.hasNextPage && (
        <Button size="small" busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          Show more
        </Button>
      )}
    </div>
  )
}

function byDay(entries: readonly Entry[]): { day: string; entries: Entry[] }[] {
  const days: { day: string; entries: Entry[] }[] = []
  for (const entry of entries) {
    const day = dayOf(entry.at)
    const last = days.at(-1)
    if (last?.day === day) last.entries.push(entry)
    else days.push({ day, entries: [entry] })
  }
  return days
}

interface ChipsProps {
  kinds: readonly TimelineKind[]
  setKinds: (kinds: readonly TimelineKind[]) => void
}

/** What is shown; none pressed shows all. */
function Chips({ kinds, setKinds }: ChipsProps) {
  const toggle = (kind: TimelineKind) =>
    setKinds(kinds.includes(kind) ? kinds.filter((one) => one !== kind) : [...kinds, kind])
  return (
    <div className={styles.chips} role="group" aria-label="Show only">
      <button type="button" className={styles.chip} aria-pressed={kinds.length === 0} onClick={() => setKinds([])}>
        All
      </button>
      {(Object.keys(KIND_NAMES) as TimelineKind[]).map((kind) => (
        <button
          key={kind}
          type="button"
          className={styles.chip}
          aria-pressed={kinds.includes(kind)}
          onClick={() => toggle(kind)}
        >
          {KIND_NAMES[kind]}
        </button>
      ))}
    </div>
  )
}
