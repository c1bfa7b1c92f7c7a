/** The feed of some filters: pages as they are scrolled to, and what happens meanwhile on top. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { api } from '../../api/client'
import { useSession, useTables } from '../../api/queries'
import { onHappening } from '../../store/happenings'
import { workspaceFor } from '../../store/useWorkspace'
import type { Feed, Filters, Happening } from './types'

const PAGE = 50
const GATHER_MS = 250

const read = (filters: Filters, more: Record<string, string | number>, signal?: AbortSignal) =>
  api.get<Feed>('/api/activity', { query: { ...filters, ...more, limit: PAGE }, signal })

export function useFeed(filters: Filters) {
  useLiveChannel()
  const query = useInfiniteQuery({
    queryKey: ['activity', filters],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => read(filters, pageParam ? { before: pageParam } : {}, signal),
    getNextPageParam: (last) => last.next ?? undefined,
    staleTime: 0,
    gcTime: 0,
  })
  const { data, refetch } = query
  const [fresh, setFresh] = useState<Happening[]>([])
  const older = useMemo(() => data?.pages.flatMap((page) => page.items) ?? [], [data])
  const newest = useRef<string | undefined>(undefined)
  newest.current = fresh[0]?.id ?? older[0]?.id

  // biome-ignore lint/correctness/useExhaustiveDependencies: other filters, another feed
  useEffect(() => setFresh([]), [filters])

  const catchUp = useCallback(async () => {
    if (newest.current === undefined) {
      await refetch()
      return
    }
    const answer = await read(filters, { after: newest.current }).catch(() => undefined)
    if (!answer || answer.items.length === 0) return
    if (answer.next !== null) {
      setFresh([])
      await refetch()
      return
    }
    setFresh((before) => {
      const known = new Set(before.map((item) => item.id))
      return [...answer.items.filter((item) => !known.has(item.id)), ...before]
    })
  }, [filters, refetch])

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const stop = onHappening(() => {
      clearTimeout(timer)
      timer = setTimeout(() => void catchUp(), GATHER_MS)
    })
    return () => {
      clearTimeout(timer)
      stop()
    }
  }, [catchUp])

  const items = useMemo(() => {
    const known = new Set(fresh.map((item) => item.id))
    return [...fresh, ...older.filter((item) => !known.has(item.id))]
  }, [fresh, older])
  return { ...query, items, fresh: fresh.length, last: data?.pages.at(-1), total: data?.pages[0]?.total ?? null }
}

/** Pages beside the grid listen too: the live channel belongs to the workspace. */
function useLiveChannel(): void {
  const { data: session } = useSession()
  const { data: tables } = useTables()
  const user = session?.user?.id
  const version = tables?.version
  useEffect(() => {
    if (user !== undefined && version !== undefined) workspaceFor(user, version)
  }, [user, version])
}
