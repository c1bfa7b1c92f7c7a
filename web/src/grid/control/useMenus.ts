/** Which menu or dialog of a column or a row is open, and where. */
import { useCallback, useMemo, useRef, useState } from 'react'
import type { Field } from '../../api/types'
import type { Rect } from '../../ui/anchor'

export interface FieldWanted {
  /** The field to edit; absent for a new one. */
  readonly field?: Field
  /** Where a new field goes in the view. */
  readonly at?: number
}

/** An open field dialog; the serial tells it from one opened while it fades out. */
export interface FieldDialogState extends FieldWanted {
  readonly serial: number
}

export interface MenuControl {
  readonly headerMenu: { col: number; at: Rect } | undefined
  readonly openHeaderMenu: (col: number, at: Rect) => void
  readonly rowMenu: { col: number; row: number; at: Rect } | undefined
  readonly openRowMenu: (col: number, row: number, at: Rect) => void
  readonly closeMenus: () => void
  readonly fieldDialog: FieldDialogState | undefined
  readonly openFieldDialog: (wanted: FieldWanted) => void
  readonly closeFieldDialog: (state: FieldDialogState) => void
}

export function useMenus(): MenuControl {
  const [headerMenu, setHeaderMenu] = useState<{ col: number; at: Rect }>()
  const [rowMenu, setRowMenu] = useState<{ col: number; row: number; at: Rect }>()
  const [fieldDialog, setFieldDialog] = useState<FieldDialogState>()
  const serial = useRef(0)

  const closeMenus = useCallback(() => {
    setHeaderMenu(undefined)
    setRowMenu(undefined)
  }, [])
  const openHeaderMenu = useCallback((col: number, at: Rect) => setHeaderMenu({ col, at }), [])
  const openRowMenu = useCallback((col: number, row: number, at: Rect) => {
    if (row >= 0) setRowMenu({ col, row, at })
  }, [])
  const openFieldDialog = useCallback((wanted: FieldWanted) => {
    serial.current += 1
    setFieldDialog({ ...wanted, serial: serial.current })
  }, [])
  const closeFieldDialog = useCallback(
    (state: FieldDialogState) => setFieldDialog((now) => (now === state ? undefined : now)),
    [],
  )
  return useMemo(
    () => ({
      headerMenu,
      openHeaderMenu,
      rowMenu,
      openRowMenu,
      closeMenus,
      fieldDialog,
      openFieldDialog,
      closeFieldDialog,
    }),
    [headerMenu, openHeaderMenu, rowMenu, openRowMenu, closeMenus, fieldDialog, openFieldDialog, closeFieldDialog],
  )
}
