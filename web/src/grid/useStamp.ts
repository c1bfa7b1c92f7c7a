/** Tells when what the server counts over a table (totals, groups, finds) should be asked for again. */
import { useEffect, useState } from 'react'
import { queryClient, tablesKey } from '../api/queries'
import type { GridModel } from './model'

const PAUSE = 250

/**
 * Grows a moment after the table changed. While own changes or the tables themselves are on their way it
 * waits: the question would be about fields as they were.
 */
export function useStamp(model: GridModel, wanted = true): number {
  const [stamp, setStamp] = useState(0)
  const table = model.setting.table.id
  useEffect(() => {
    if (!wanted) return
    let timer: ReturnType<typeof setTimeout> | undefined
    const ripen = () => {
      const early = model.workspace.queue.sending || queryClient.isFetching({ queryKey: tablesKey }) > 0
      timer = early ? setTimeout(ripen, PAUSE) : undefined
      if (!early) setStamp((old) => old + 1)
    }
    const stop = model.workspace.onChange((change) => {
      if (change.tables[table] || change.schema) timer ??= setTimeout(ripen, PAUSE)
    })
    return () => {
      clearTimeout(timer)
      stop()
    }
  }, [model, table, wanted])
  return stamp
}
