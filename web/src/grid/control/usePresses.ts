/** What presses on cells do: tick, rate, open an address, and open the editor on the second one. */
import { useCallback, useMemo, useRef } from 'react'
import { canWrite, kindOf } from '../kinds'
import { isComputed, shownAs } from '../kinds/computed'
import { target } from '../kinds/text'
import type { GridModel } from '../model'
import { NOTHING, type Selection } from '../selection'
import { starAt } from '../surface/paint'
import type { EditingControl } from './useEditing'
import type { SelectionControl } from './useSelection'

export interface PressControl {
  /** Notes what was selected before a press. */
  readonly pressed: () => void
  readonly activate: (col: number, row: number) => void
  readonly click: (col: number, row: number, at: { x: number; width: number; double: boolean }) => boolean
}

export function usePresses(
  model: GridModel,
  { selectionNow }: SelectionControl,
  { open }: EditingControl,
): PressControl {
  const before = useRef<Selection>(NOTHING)
  const pressed = useCallback(() => {
    before.current = selectionNow()
  }, [selectionNow])

  const activate = useCallback(
    (col: number, row: number) => {
      const field = model.field(col)
      if (field && (isComputed(field) || !['check', 'rating'].includes(kindOf(field).shape))) open(col, row, undefined)
    },
    [model, open],
  )

  const click = useCallback(
    (col: number, row: number, { x, width, double }: { x: number; width: number; double: boolean }): boolean => {
      const [field, value] = [model.field(col), model.value(col, row)]
      if (!field || value === undefined) return false
      const { shape } = kindOf(field)
      if (shape === 'check' && canWrite(field) && Math.abs(x - width / 2) <= 12) {
        model.writeAt(col, row, value === true ? null : true, `Edit ${field.name}`)
        return true
      }
      if (shape === 'rating' && canWrite(field)) {
        const star = starAt(x, field.options.max ?? 5)
        if (star === undefined) return false
        model.writeAt(col, row, star === value ? null : star, `Edit ${field.name}`)
        return true
      }
      const was = before.current.cell
      if (shape !== 'address' || double || was?.[0] !== col || was[1] !== row || typeof value !== 'string') return false
      const to = x < 16 + value.length * 7 ? target(shownAs(field).kind, value) : undefined
      if (to) window.open(to, '_blank', 'noopener,noreferrer')
      return to !== undefined
    },
    [model],
  )
  return useMemo(() => ({ pressed, activate, click }), [pressed, activate, click])
}
