/** Where the raise stands, in pictures: key figures, pipeline, commitments by fund, closings over time, going cold. */
import { BarChart3, Upload } from 'lucide-react'
import { useMemo } from 'react'
import { Link, useLocation, useSearch } from 'wouter'
import { useSession, useTables } from '../../api/queries'
import type { QueryRequest } from '../../api/types'
import { todayIn } from '../../record/today'
import { useList } from '../../store/useList'
import { useLiveWorkspace } from '../../store/useLive'
import type { Workspace } from '../../store/workspace'
import { Button } from '../../ui/Button'
import { EmptyState, Skeleton } from '../../ui/Feedback'
import { Page, PageHead } from '../../ui/Page'
import { paths } from '../paths'
import { ClosingsCard } from './ClosingsCard'
import { ColdCard, pursued, SHOWN, THRESHOLDS, type Threshold } from './ColdCard'
import styles from './Dashboards.module.css'
import { olderThan } from './drill'
import { Waiting } from './Figures'
import { FundsCard } from './FundsCard'
import { FunnelCard } from './FunnelCard'
import { KeyFigures } from './KeyFigures'
import { type Sources, sourcesOf } from './sources'
import { useDashboards } from './useDashboards'

export default function DashboardsPage() {
  const { data } = useTables()
  const workspace = useLiveWorkspace()
  const sources = useMemo(() => data && sourcesOf(data.tables), [data])
  return (
    <Page width="wide">
      <PageHead
        title="Dashboards"
        text="Where the raise stands, from the records as they are now. Every number opens the records behind it."
      />
      {workspace && sources ? <Dashboards workspace={workspace} sources={sources} /> : <Loading />}
    </Page>
  )
}

function Dashboards({ workspace, sources }: { workspace: Workspace; sources: Sources }) {
  const { data: session } = useSession()
  const [, navigate] = useLocation()
  const today = todayIn(session?.settings.time_zone ?? 'UTC')
  const asked = Number(new URLSearchParams(useSearch()).get('cold'))
  const threshold = THRESHOLDS.find((one) => one === asked) ?? 60
  const setThreshold = (days: Threshold) => navigate(paths.dashboards(days), { replace: true })
  const { pipeline, promised, silence } = useDashboards(workspace, sources)
  const { investors } = sources
  const request = useMemo((): QueryRequest => {
    const last = investors.field('last_contact')
    const alive = pipeline.data ? pursued(pipeline.data, investors) : []
    return {
      filter: { and: [...alive, olderThan(last, threshold)] },
      ...{ sorts: [{ field: last.id, desc: false }], groups: [], limit: SHOWN },
      fields: ['name', 'last_contact', 'stage', 'owner', 'check_size'].map((key) => investors.field(key).id),
    }
  }, [pipeline.data, investors, threshold])
  const cold = useList(workspace, investors.table, request)
  const error = pipeline.error ?? promised.error ?? silence.error ?? cold.error
  if (!pipeline.data || !promised.data || !silence.data || cold.loading) {
    return error ? <Waiting error={error} height={240} /> : <Loading />
  }
  if (pipeline.data.stages.length === 0 && promised.data.funds.length === 0 && promised.data.promised.length === 0) {
    return <NothingYet />
  }
  return (
    <>
      <KeyFigures
        pipeline={pipeline.data}
        promised={promised.data}
        sources={sources}
        cold={cold.total}
        threshold={threshold}
      />
      <div className={styles.grid}>
        {pipeline.data.stages.length > 0 ? (
          <FunnelCard data={pipeline.data} investors={investors} />
        ) : (
          <Hint
            title="Pipeline"
            text="No investors yet. Import them from a file, or add them to the table."
            path={paths.table(investors.table.key)}
            link="Open Investors"
          />
        )}
        {promised.data.funds.length > 0 || promised.data.promised.length > 0 ? (
          <FundsCard data={promised.data} sources={sources} />
        ) : (
          <Hint
            title="Commitments by fund"
            text="No funds yet. Add the fund that you raise, with its target."
            path={paths.table(sources.funds.table.key)}
            link="Open Funds"
          />
        )}
        {promised.data.promised.length > 0 ? (
          <ClosingsCard data={promised.data} sources={sources} today={today} />
        ) : (
          <Hint
            title="Closings over time"
            text="Nothing is soft circled, committed, signed or funded yet. Commitments with such a status show here."
            path={paths.table(sources.commitments.table.key)}
            link="Open Commitments"
          />
        )}
        {pipeline.data.stages.length > 0 && (
          <ColdCard
            data={pipeline.data}
            investors={investors}
            days={silence.data.groups}
            records={cold.records}
            total={cold.total}
            today={today}
            threshold={threshold}
            onThreshold={setThreshold}
          />
        )}
      </div>
    </>
  )
}

function Hint({ title, text, path, link }: { title: string; text: string; path: string; link: string }) {
  return (
    <section className={styles.card}>
      <h2>{title}</h2>
      <p className={styles.none}>
        {text} <Link href={path}>{link}</Link>
      </p>
    </section>
  )
}

function NothingYet() {
  const [, navigate] = useLocation()
  return (
    <EmptyState
      icon={<BarChart3 size={20} />}
      title="Nothing to show yet"
      text="Dashboards add up investors, commitments and funds. Import a list of investors, or add the fund you raise."
      actions={
        <>
          <Button variant="primary" icon={<Upload size={14} />} onClick={() => navigate(paths.import('investors'))}>
            Import a CSV
          </Button>
          <Button onClick={() => navigate(paths.table('funds'))}>Add a fund</Button>
        </>
      }
    />
  )
}

function Loading() {
  return (
    <div role="status" aria-label="Loading">
      <div className={styles.figures}>
        {['a', 'b', 'c', 'd', 'e'].map((key) => (
          <Skeleton key={key} className={styles.figure} height={76} width="100%" />
        ))}
      </div>
      <div className={styles.grid}>
        <Skeleton height={320} width="100%" />
        <Skeleton height={320} width="100%" />
      </div>
    </div>
  )
}
