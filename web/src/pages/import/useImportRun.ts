/** The import on the server: reads it, follows it while it works, and starts each step. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiError, api, explain } from '../../api/client'
import { tablesKey } from '../../api/queries'
import type { ImportRun, Target } from '../../api/types'
import { confirm } from '../../shell/confirm'
import type { KeyChoice } from './mapping'

export const importsKey = ['imports'] as const
const runKey = (id: string) => ['imports', id] as const
const POLL_MS = 400

export const isWorking = (run: ImportRun): boolean => run.status === 'comparing' || run.status === 'applying'

export interface ImportActions {
  run: ImportRun | undefined
  /** What stands in the way, or '' */
  problem: string
  /** A step is being asked for; the buttons wait. */
  busy: boolean
  upload: (table: string, file: File) => Promise<ImportRun | undefined>
  compare: (mapping: Target[], key: KeyChoice) => Promise<ImportRun | undefined>
  apply: () => Promise<ImportRun | undefined>
  cancel: () => Promise<ImportRun | undefined>
  undo: () => Promise<ImportRun | undefined>
  /** Does something beside the import; what stands in its way is told as for a step. */
  trying: <T>(act: () => Promise<T>) => Promise<T | undefined>
  forgetProblem: () => void
}

/** Takes an import back; where its cells were edited since, asks first whether those edits may go too. */
async function undoOrInsist(path: string): Promise<ImportRun> {
  try {
    return await api.post<ImportRun>(path)
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'version_conflict') throw error
    const yes = await confirm({
      title: 'Undo the later edits too?',
      text: 'Somebody edited cells of this import since. Undoing it brings back what was there before the import.',
      action: 'Undo everything',
      danger: true,
    })
    if (!yes) throw error
    return api.post<ImportRun>(path, undefined, { query: { force: true } })
  }
}

export function useImportRun(id: string | null): ImportActions {
  const client = useQueryClient()
  const [problem, setProblem] = useState('')
  const [busy, setBusy] = useState(false)
  const query = useQuery({
    queryKey: runKey(id ?? ''),
    queryFn: async () => {
      const run = await api.get<ImportRun>(`/api/imports/${id}`)
      // The import may have made fields and select options: the grid reads its tables again.
      if (run.status === 'applied' || run.status === 'undone') await client.invalidateQueries({ queryKey: tablesKey })
      return run
    },
    enabled: id !== null,
    staleTime: 0,
    refetchInterval: (state) => (state.state.data && isWorking(state.state.data) ? POLL_MS : false),
  })

  async function trying<T>(act: () => Promise<T>): Promise<T | undefined> {
    setBusy(true)
    setProblem('')
    try {
      return await act()
    } catch (error) {
      setProblem(explain(error))
      return undefined
    } finally {
      setBusy(false)
    }
  }

  const step = (ask: () => Promise<ImportRun>) =>
    trying(async () => {
      const run = await ask()
      client.removeQueries({ queryKey: ['import-rows', run.id] })
      client.setQueryData(runKey(run.id), run)
      void client.invalidateQueries({ queryKey: importsKey, exact: true })
      if (run.status === 'undone') void client.invalidateQueries({ queryKey: tablesKey })
      return run
    })

  const post = (verb: string, body?: unknown) => step(() => api.post<ImportRun>(`/api/imports/${id}/${verb}`, body))
  return {
    run: query.data,
    problem: problem || (query.error ? explain(query.error) : ''),
    busy,
    upload: (table, file) =>
      step(() =>
        api.post<ImportRun>('/api/imports', undefined, {
          raw: file,
          contentType: 'text/csv',
          query: { table, filename: file.name },
        }),
      ),
    compare: (mapping, key) => post('preview', key === undefined ? { mapping } : { mapping, key }),
    apply: () => post('apply'),
    cancel: () => post('cancel'),
    undo: () => step(() => undoOrInsist(`/api/imports/${id}/undo`)),
    trying,
    forgetProblem: () => setProblem(''),
  }
}
