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
      // Of a paste of 10,000 rows a few dozen are on screen; the surface would look at every cell of the others too.
      const changed = new Set(event.ids)
      const damaged: [number, number][] = []
      for (const row of model.rowsInSight()) {
        const id = model.idAt(row)
        if (id !== undefined && changed.has(id)) for (let col = 0; col < width; col += 1) damaged.push([col, row])
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
