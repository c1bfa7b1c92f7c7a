/** What is selected, kept on the same record while rows come and go. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { RecordId } from '../../api/types'
import type { GridModel } from '../model'
import { NOTHING, type Range, ranges, type Selection, shifted } from '../selection'

export interface SelectionControl {
  readonly selection: Selection
  /** What is selected this instant: React's state is late for fast typists. */
  readonly selectionNow: () => Selection
  readonly select: (selection: Selection) => void
  /** The selected rectangles, clipped to the table. */
  readonly selected: () => Range[]
}

export function useSelection(model: GridModel, cols: number): SelectionControl {
  const [selection, setSelection] = useState<Selection>(NOTHING)
  const now = useRef<Selection>(NOTHING)
  const active = useRef<RecordId>(undefined)

  const select = useCallback(
    (next: Selection) => {
      const left = active.current
      now.current = next
      active.current = next.cell && model.rows.idAt(next.cell[1])
      setSelection(next)
      if (left !== undefined && left !== active.current) model.rows.leaveRow()
    },
    [model],
  )

  useEffect(
    () =>
      model.rows.subscribe((event) => {
        if (event.kind !== 'all') return
        const row = active.current === undefined ? undefined : model.rows.cache.rowOf(active.current)
        const { cell } = now.current
        if (row !== undefined && cell && row !== cell[1]) {
          now.current = shifted(now.current, row - cell[1])
          setSelection(now.current)
        } else if (cell && active.current === undefined) active.current = model.rows.idAt(cell[1])
      }),
    [model],
  )

  const selectionNow = useCallback(() => now.current, [])
  const selected = useCallback(() => ranges(now.current, model.setting.fields.length, model.total), [model])
  const shown = clipped(selection, cols)
  return useMemo(() => ({ selection: shown, selectionNow, select, selected }), [shown, selectionNow, select, selected])
}

/** A column that is gone cannot stay selected. */
function clipped(selection: Selection, cols: number): Selection {
  return selection.cell && selection.cell[0] >= cols ? NOTHING : selection
}
