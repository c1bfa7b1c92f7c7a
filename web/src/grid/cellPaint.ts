/** From a value to what the surface draws. */
import type { Field } from '../api/types'
import type { Cell } from '../store/cells'
import { initials, personTone } from '../ui/Avatar'
import { type KindContext, kindOf } from './kinds'
import { choicesOf, listOf } from './kinds/choices'
import type { CellPaint } from './surface/types'

const EMPTY: CellPaint = { kind: 'text', text: '' }
export const LOADING: CellPaint = { kind: 'loading' }

export function paintOf(value: Cell, context: KindContext): CellPaint {
  const { field } = context
  const kind = kindOf(field)
  if (kind.shape === 'check') return { kind: 'check', on: value === true, writable: kind.writable && !field.read_only }
  if (kind.shape === 'rating') {
    return { kind: 'rating', value: typeof value === 'number' ? value : 0, max: field.options.max ?? 5 }
  }
  if (value === null) return EMPTY
  switch (kind.shape) {
    case 'pills':
      return { kind: 'pills', pills: pillsOf(value, field), copy: kind.format(value, context) }
    case 'chips':
      return {
        kind: 'chips',
        names: listOf(value).map((id) => context.nameOf(id) ?? '…'),
        copy: kind.format(value, context),
      }
    case 'user': {
      const name = kind.format(value, context)
      return { kind: 'person', initials: initials(name), tone: personTone(String(value)), name }
    }
    default: {
      const tone = kind.shape === 'address' ? 'link' : kind.writable ? 'plain' : 'faded'
      return { kind: 'text', text: kind.format(value, context), align: kind.align, tone }
    }
  }
}

function pillsOf(value: Cell, field: Field) {
  const choices = choicesOf(field)
  return listOf(value).map((id) => {
    const choice = choices.find((one) => one.id === id || one.name === id)
    return { text: choice?.name ?? id, color: choice?.color ?? 'gray' }
  })
}
