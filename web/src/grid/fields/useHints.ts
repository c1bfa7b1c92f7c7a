/** What is said a moment after pointing at something: a field's description, why it fails, an error in a cell. */
import { useCallback, useState } from 'react'
import type { Field } from '../../api/types'
import type { Rect } from '../../ui/anchor'
import { computedOptions, errorOf, isComputed } from '../kinds/computed'
import type { GridModel } from '../model'

interface Hint {
  readonly key: string
  readonly text: string
  readonly at: Rect
}

export function useHints(model: GridModel) {
  const [hint, setHint] = useState<Hint>()
  const overHeader = useCallback(
    (col: number | undefined, at: Rect | undefined) => {
      const field = col === undefined ? undefined : model.field(col)
      const text = field ? aboutField(field) : ''
      setHint(field && at && text !== '' ? { key: field.id, text, at } : undefined)
    },
    [model],
  )
  const overCell = useCallback(
    (cell: readonly [number, number] | undefined, at: Rect | undefined) => {
      const error = cell && errorOf(model.value(...cell))
      if (cell && error && at) setHint({ key: cell.join(), text: error.message, at })
      else setHint((old) => (old?.key.includes(',') ? undefined : old))
    },
    [model],
  )
  return { hint, overHeader, overCell }
}

function aboutField(field: Field): string {
  const { error, calculating } = isComputed(field) ? computedOptions(field) : {}
  const state = error ? error.message : calculating ? 'Its values are being computed anew.' : ''
  return [state, field.description].filter((text) => text !== '').join('\n')
}

/** The picture in a column's header: the kind's, or what is going on with a computed field. */
export function headerIcon(field: Field): string {
  const { error, calculating } = isComputed(field) ? computedOptions(field) : {}
  return error ? 'failing' : calculating ? 'calculating' : field.kind
}
