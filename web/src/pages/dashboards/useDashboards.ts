/** The numbers of the page, read again shortly after any of their tables changed. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { api } from '../../api/client'
import type { Commitments, Pipeline } from '../../api/dashboards'
import type { AggregateAnswer } from '../../api/types'
import { useTableChanges } from '../../store/useLive'
import type { Workspace } from '../../store/workspace'
import { pursued } from './ColdCard'
import type { Sources } from './sources'

export function useDashboards(workspace: Workspace, { investors, commitments, funds }: Sources) {
  const pipeline = useQuery({
    queryKey: ['dashboards', 'pipeline'],
    queryFn: ({ signal }) => api.get<Pipeline>('/api/dashboards/pipeline', { signal }),
    staleTime: 0,
  })
  const promised = useQuery({
    queryKey: ['dashboards', 'commitments'],
    queryFn: ({ signal }) => api.get<Commitments>('/api/dashboards/commitments', { signal }),
    staleTime: 0,
  })
  const last = investors.field('last_contact')
  const alive = pipeline.data && pursued(pipeline.data, investors)
  const silence = useQuery({
    queryKey: ['dashboards', 'silence', alive, last.id],
    queryFn: ({ signal }) =>
      api.post<AggregateAnswer>(
        `/api/tables/${investors.table.id}/aggregate`,
        { filter: { and: alive ?? [] }, groups: [{ field: last.id, desc: false }], aggregates: {} },
        { signal },
      ),
    enabled: alive !== undefined,
    staleTime: 0,
    placeholderData: keepPreviousData,
  })
  const ofInvestors = () => void Promise.all([pipeline.refetch(), alive && silence.refetch()])
  const ofPromises = () => void promised.refetch()
  useTableChanges(workspace, investors.table.id, () => {
    ofInvestors()
    // A deleted investor's commitments count no more.
    ofPromises()
  })
  useTableChanges(workspace, commitments.table.id, ofPromises)
  useTableChanges(workspace, funds.table.id, ofPromises)
  return { pipeline, promised, silence }
}
