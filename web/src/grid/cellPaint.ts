/** From a value to what the surface draws. */
import type { Field } from '../api/types'
import type { Cell } from '../store/cells'
import { initials, personTone } from '../ui/Avatar'
import { type KindContext, kindOf } from './kinds'
import { choicesOf, listOf } from './kinds/choices'
import { computedOptions, errorOf, isComputed, isList, itemsOf, resultContext } from './kinds/computed'
import { endingOf, filesOf, fileUrl, isPicture } from './kinds/files'
import type { CellPaint } from './surface/types'

const EMPTY: CellPaint = { kind: 'text', text: '' }
export const LOADING: CellPaint = { kind: 'loading' }

export function paintOf(value: Cell, context: KindContext): CellPaint {
  if (isComputed(context.field)) return paintComputed(value, context)
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
    case 'files': {
      const files = filesOf(value).map((file) => ({
        ...(isPicture(file) ? { picture: fileUrl(file) } : {}),
        ending: endingOf(file.name),
      }))
      return { kind: 'files', files, copy: kind.format(value, context) }
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

/** A computed cell looks like its result; a list stands side by side, and an error says what it is. */
function paintComputed(value: Cell, context: KindContext): CellPaint {
  const error = errorOf(value)
  if (error) {
    return { kind: 'error', text: error.shown, message: error.message, align: kindOf(context.field).align }
  }
  if (value === null && computedOptions(context.field).calculating) return { kind: 'text', text: '…', tone: 'faded' }
  const inner = resultContext(context)
  if (!isList(context.field)) return paintOf(value, inner)
  const items = itemsOf(value)
  if (items.length === 0) return EMPTY
  const shown = kindOf(inner.field)
  const copy = kindOf(context.field).format(value, context)
  if (shown.shape === 'pills')
    return { kind: 'pills', pills: items.flatMap((item) => pillsOf(item, inner.field)), copy }
  if (shown.shape === 'check') return { kind: 'text', text: items.map((item) => (item === true ? '✓' : '–')).join(' ') }
  return { kind: 'chips', names: items.map((item) => shown.format(item, inner)), copy }
}

function pillsOf(value: Cell, field: Field) {
  const choices = choicesOf(field)
  return listOf(value).map((id) => {
    const choice = choices.find((one) => one.id === id || one.name === id)
    return { text: choice?.name ?? id, color: choice?.color ?? 'gray' }
  })
}
