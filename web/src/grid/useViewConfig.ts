/** The configuration of the view on screen: changed at once here, stored in the shared view a moment later. */
import { useCallback, useEffect, useRef, useState } from 'react'
import type { View, ViewConfig } from '../api/types'
import type { Workspace } from '../store/workspace'

const PAUSE = 300

export function useViewConfig(view: View | undefined, workspace: Workspace): [ViewConfig, (patch: ViewConfig) => void] {
  const stored = view?.config
  const [config, setConfig] = useState<ViewConfig>(stored ?? {})
  const latest = useRef(config)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const storedText = JSON.stringify(stored ?? {})

  // What others changed comes in with the tables; an own change that is still on its way stays.
  useEffect(() => {
    if (timer.current !== undefined) return
    latest.current = JSON.parse(storedText) as ViewConfig
    setConfig(latest.current)
  }, [storedText])

  const change = useCallback(
    (patch: ViewConfig) => {
      latest.current = { ...latest.current, ...patch }
      setConfig(latest.current)
      if (!view || view.locked) return
      clearTimeout(timer.current)
      timer.current = setTimeout(() => {
        timer.current = undefined
        workspace.sendQuietly([{ op: 'update_view', view: view.id, set: { config: latest.current } }])
      }, PAUSE)
    },
    [view, workspace],
  )
  return [config, change]
}
