/** `window.__grid`: lets end-to-end tests find cells on the canvas and wait until everything is done. */
import { useEffect } from 'react'
import type { Rect } from '../ui/anchor'
import type { GridModel } from './model'
import type { Selection } from './selection'
import type { CellMark, RowMark } from './surface/types'
import type { GridControl } from './useGridControl'

export interface TestHandle {
  /** A cell in window pixels; row -1 is the header. */
  bounds(col: number, row: number): Rect | undefined
  /** Scrolls until a cell is in sight. */
  reveal(col: number, row: number): void
  text(col: number, row: number): string
  columns(): string[]
  /** What a row is, and for a record its number in its group. */
  mark(row: number): RowMark
  total(): number
  selection(): Selection
  /** The name on the flag of a cell that somebody else stands in. */
  other(col: number, row: number): string | undefined
  /** Resolves when every edit is on the server, every page is here and two frames were drawn. */
  settled(): Promise<void>
}

declare global {
  interface Window {
    __grid?: TestHandle
  }
}

const frame = (): Promise<unknown> => new Promise((resolve) => requestAnimationFrame(resolve))

export function useTestHandle(
  model: GridModel,
  control: GridControl,
  others: (col: number, row: number) => CellMark | undefined,
): void {
  const { surface, selectionNow, mark } = control
  useEffect(() => {
    const handle: TestHandle = {
      bounds: (col, row) => surface.current?.bounds(col, row),
      reveal: (col, row) => surface.current?.scrollTo(col, row),
      text: (col, row) => model.text(col, row),
      columns: () => model.setting.fields.map((field) => field.name),
      mark,
      total: () => model.total,
      selection: selectionNow,
      other: (col, row) => others(col, row)?.name,
      settled: async () => {
        await model.workspace.settled()
        await frame()
        await frame()
      },
    }
    window.__grid = handle
    return () => {
      if (window.__grid === handle) delete window.__grid
    }
  }, [model, surface, selectionNow, mark, others])
}
