/** What the team wishes the CRM could do: ask, vote, and see what is planned and done. */
import { useQuery } from '@tanstack/react-query'
import { Lightbulb, Plus } from 'lucide-react'
import { useState } from 'react'
import { useLocation, useSearch } from 'wouter'
import { api, explain } from '../../api/client'
import { queryClient, useSession } from '../../api/queries'
import { confirm } from '../../shell/confirm'
import { toast } from '../../shell/toasts'
import { Button } from '../../ui/Button'
import { EmptyState, Notice, SkeletonLines } from '../../ui/Feedback'
import { Page, PageHead } from '../../ui/Page'
import { Segments } from '../../ui/Segments'
import { paths } from '../paths'
import { RequestCard } from './RequestCard'
import { RequestDialog } from './RequestDialog'
import styles from './Requests.module.css'
import { type FeatureRequest, type FeatureRequests, type RequestChange, STATUS_NAMES, type Status } from './types'

const KEY = ['requests']
type Shown = Status | 'all'

export default function RequestsPage() {
  const { data: session } = useSession()
  const [, navigate] = useLocation()
  const asked = new URLSearchParams(useSearch()).get('status')
  const shown: Shown = asked && asked in STATUS_NAMES ? (asked as Status) : 'all'
  const [editing, setEditing] = useState<FeatureRequest | 'new'>()
  const { data, error, refetch } = useQuery({
    queryKey: [...KEY, shown],
    queryFn: ({ signal }) =>
      api.get<FeatureRequests>('/api/feature-requests', {
        query: { status: shown === 'all' ? undefined : shown, limit: 500 },
        signal,
      }),
    placeholderData: (before) => before,
  })
  const user = session?.user
  const change = (request: FeatureRequest, what: RequestChange) => void save(request, what)
  return (
    <>
      <Page>
        <PageHead
          title="Feature requests"
          text="Ask for what you miss, and vote for what others ask for. The most wanted stand first."
          action={
            <Button variant="primary" icon={<Plus size={14} />} onClick={() => setEditing('new')}>
              New request
            </Button>
          }
        />
        <div className={styles.filter}>
          <Segments<Shown>
            label="Status"
            value={shown}
            onChange={(next) =>
              navigate(next === 'all' ? paths.requests : `${paths.requests}?status=${next}`, { replace: true })
            }
            options={[
              { value: 'all', label: 'All' },
              ...(Object.keys(STATUS_NAMES) as Status[]).map((status) => ({
                value: status,
                label: data?.counts[status] ? `${STATUS_NAMES[status]} ${data.counts[status]}` : STATUS_NAMES[status],
              })),
            ]}
          />
        </div>
        {error ? (
          <Notice tone="danger" action={<Button onClick={() => void refetch()}>Try again</Button>}>
            {explain(error)}
          </Notice>
        ) : !data ? (
          <SkeletonLines count={6} />
        ) : data.requests.length === 0 ? (
          <EmptyState
            icon={<Lightbulb size={20} />}
            title={shown === 'all' ? 'No wishes yet' : `Nothing is ${STATUS_NAMES[shown].toLowerCase()}`}
            text={
              shown === 'all'
                ? 'Say what would make your work with the CRM easier; others can vote for it.'
                : 'No feature request has this status.'
            }
            actions={
              <Button variant="primary" onClick={() => setEditing('new')}>
                New request
              </Button>
            }
          />
        ) : (
          <ul className={styles.list}>
            {data.requests.map((request) => (
              <RequestCard
                key={request.id}
                request={request}
                admin={user?.role === 'admin'}
                own={request.created_by?.id === user?.id}
                onChange={(what) => change(request, what)}
                onEdit={() => setEditing(request)}
                onDelete={() => void remove(request)}
              />
            ))}
          </ul>
        )}
      </Page>
      {editing && (
        <RequestDialog
          request={editing === 'new' ? undefined : editing}
          onClose={() => setEditing(undefined)}
          onSaved={reload}
        />
      )}
    </>
  )
}

function reload(): void {
  void queryClient.invalidateQueries({ queryKey: KEY })
}

/** Shown at once; what the server says in the end stays. */
async function save(request: FeatureRequest, what: RequestChange): Promise<boolean> {
  const votes = what.voted === undefined ? 0 : Number(what.voted) - Number(request.voted)
  const put = (next: FeatureRequest) =>
    queryClient.setQueriesData<FeatureRequests>(
      { queryKey: KEY },
      (old) => old && { ...old, requests: old.requests.map((one) => (one.id === next.id ? next : one)) },
    )
  put({
    ...request,
    votes: request.votes + votes,
    voted: what.voted ?? request.voted,
    status: what.status ?? request.status,
  })
  try {
    put(await api.patch<FeatureRequest>(`/api/feature-requests/${request.id}`, what))
    if (what.status || what.deleted) reload()
    return true
  } catch (error) {
    put(request)
    toast({ text: 'That was not saved', detail: explain(error), tone: 'danger' })
    return false
  }
}

async function remove(request: FeatureRequest): Promise<void> {
  const sure = await confirm({
    title: 'Delete this request?',
    text: `“${request.title}” and its ${request.votes} ${request.votes === 1 ? 'vote' : 'votes'} go from the list.`,
    action: 'Delete',
    danger: true,
  })
  if (sure && (await save(request, { deleted: true }))) toast({ text: 'Deleted', detail: request.title })
}
