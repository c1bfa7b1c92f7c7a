/** The hands of the grid: what is selected and edited, and what keys and presses do, put together from control/. */
import { type RefObject, useCallback, useMemo, useRef, useState } from 'react'
import { type EditingControl, useEditing } from './control/useEditing'
import { useKeys } from './control/useKeys'
import { type MenuControl, useMenus } from './control/useMenus'
import { type MovingControl, useMoving } from './control/useMoving'
import { type PressControl, usePresses } from './control/usePresses'
import { useRepaint } from './control/useRepaint'
import { type RowActions, useRowActions } from './control/useRowActions'
import { type SelectionControl, useSelection } from './control/useSelection'
import type { Command, Press } from './keymap'
import type { GridModel, Setting } from './model'
import type { CellPaint, Region, RowMark, SurfaceRef } from './surface/types'

export interface GridControl
  extends SelectionControl,
    EditingControl,
    RowActions,
    PressControl,
    MenuControl,
    MovingControl {
  readonly surface: RefObject<SurfaceRef | null>
  readonly total: number | undefined
  readonly version: number
  readonly region: Region
  readonly paint: (col: number, row: number) => CellPaint
  readonly key: (press: Press) => boolean
  /** Does what a key would do. */
  readonly run: (command: Command) => boolean
  readonly visible: (region: Region) => void
  readonly mark: (row: number) => RowMark
  /** A press on a group's head or on the row that adds a record. */
  readonly pressMark: (row: number) => void
}

export function useGridControl(
  model: GridModel,
  setting: Setting,
  openRecord: (id: string | undefined) => void,
  onFold: (path: string, folded: boolean) => void,
): GridControl {
  const surface = useRef<SurfaceRef>(null)
  const [region, setRegion] = useState<Region>({ from: 0, to: 40, col: 0, cols: 1, tx: 0 })
  const selecting = useSelection(model, setting.fields.length)
  const edits = useEditing(model, surface, selecting)
  const actions = useRowActions(model, surface, selecting, openRecord, onFold)
  const moving = useMoving(model, surface, selecting)
  const presses = usePresses(model, selecting, edits)
  const menus = useMenus()
  const shown = useRef(region)
  const { key, run } = useKeys({ model, surface, selecting, edits, actions, moving, shown })
  const version = useRepaint(model, surface)

  // biome-ignore lint/correctness/useExhaustiveDependencies: new fields change what a cell looks like
  const paint = useCallback((col: number, row: number) => model.paint(col, row), [model, setting])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the rows behind it change with the version
  const mark = useCallback(
    (row: number): RowMark => {
      const found = model.row(row)
      if (found?.kind === 'group') return { kind: 'group', level: found.group.level, open: !found.group.folded }
      if (found?.kind === 'add') return { kind: 'add' }
      return { kind: 'record', number: found?.number ?? row + 1 }
    },
    [model, version],
  )
  const { insertBelow, fold } = actions
  const pressMark = useCallback(
    (row: number) => {
      const found = model.row(row)
      if (found?.kind === 'add') insertBelow(row)
      else if (found?.kind === 'group') fold(row, !found.group.folded)
    },
    [model, insertBelow, fold],
  )
  const { follow } = edits
  const visible = useCallback(
    (next: Region) => {
      model.show(next.from, Math.max(next.from, next.to))
      shown.current = next
      setRegion((old) => (old.col === next.col && old.tx === next.tx ? old : next))
      follow()
    },
    [model, follow],
  )
  return useMemo(
    () => ({
      ...selecting,
      ...edits,
      ...actions,
      ...presses,
      ...menus,
      ...moving,
      surface,
      total: model.count,
      version,
      region,
      paint,
      key,
      run,
      visible,
      mark,
      pressMark,
    }),
    [
      selecting,
      edits,
      actions,
      presses,
      menus,
      moving,
      model,
      version,
      region,
      paint,
      key,
      run,
      visible,
      mark,
      pressMark,
    ],
  )
}
