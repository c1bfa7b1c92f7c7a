/** Repaints what changed in the rows; the version it answers rebuilds the copy for screen readers, a moment later. */
import { type RefObject, useEffect, useState } from 'react'
import type { GridModel } from '../model'
import type { SurfaceRef } from '../surface/types'

const PAUSE = 120

export function useRepaint(model: GridModel, surface: RefObject<SurfaceRef | null>): number {
  const [version, setVersion] = useState(0)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const stop = model.rows.subscribe((event) => {
      if (event.kind === 'all') {
        setVersion((old) => old + 1)
        return
      }
      const width = model.setting.fields.length
      const damaged: [number, number][] = []
      for (const id of event.ids) {
        const row = model.rowOf(id)
        if (row !== undefined) for (let col = 0; col < width; col += 1) damaged.push([col, row])
      }
      if (damaged.length > 0) surface.current?.repaint(damaged)
      timer ??= setTimeout(() => {
        timer = undefined
        setVersion((old) => old + 1)
      }, PAUSE)
    })
    return () => {
      clearTimeout(timer)
      stop()
    }
  }, [model, surface])
  return version
}
