/** A value as it is read outside the grid: pills, people, chips, links, or its text. */
import { Check, Star } from 'lucide-react'
import { FileList } from '../files/FileList'
import { Pill } from '../grid/editors/Pill'
import { Person } from '../grid/editors/UserEditor'
import { type KindContext, kindOf } from '../grid/kinds'
import { choicesOf, listOf } from '../grid/kinds/choices'
import { errorOf, isComputed, isList, itemsOf, resultContext } from '../grid/kinds/computed'
import { filesOf } from '../grid/kinds/files'
import { target } from '../grid/kinds/text'
import type { Cell } from '../store/cells'
import styles from './Record.module.css'

export function FieldValue({ value, context }: { value: Cell; context: KindContext }) {
  const { field } = context
  if (isComputed(field)) return <ComputedValue value={value} context={context} />
  const kind = kindOf(field)
  if (kind.shape === 'check') return <span className={styles.check}>{value === true ? <Check size={14} /> : null}</span>
  if (value === null) return <span className={styles.nothing}>Empty</span>
  switch (kind.shape) {
    case 'pills':
      return (
        <span className={styles.many}>
          {listOf(value).map((id) => {
            const choice = choicesOf(field).find((one) => one.id === id || one.name === id)
            return <Pill key={id} text={choice?.name ?? id} color={choice?.color ?? 'gray'} />
          })}
        </span>
      )
    case 'chips':
      return (
        <span className={styles.many}>
          {listOf(value).map((id) => (
            <span key={id} className={styles.chip}>
              {context.nameOf(id) ?? '…'}
            </span>
          ))}
        </span>
      )
    case 'files':
      return <FileList files={filesOf(value)} />
    case 'user':
      return <Person id={String(value)} name={kind.format(value, context)} />
    case 'rating':
      return (
        <span className={styles.stars} role="img" aria-label={`${value} of ${field.options.max ?? 5}`}>
          {Array.from({ length: Number(value) }, (_, star) => star).map((star) => (
            <Star key={star} size={14} fill="currentColor" strokeWidth={0} />
          ))}
        </span>
      )
    case 'address': {
      const to = target(field.kind, String(value))
      return to ? (
        <a href={to} target="_blank" rel="noopener noreferrer" onClick={(event) => event.stopPropagation()}>
          {String(value)}
        </a>
      ) : (
        <span>{String(value)}</span>
      )
    }
    default:
      return <span className={styles.text}>{kind.format(value, context)}</span>
  }
}

/** A computed value looks like its result; an error says itself what is wrong. */
function ComputedValue({ value, context }: { value: Cell; context: KindContext }) {
  const error = errorOf(value)
  if (error) {
    return (
      <span className={styles.error} title={error.message}>
        {error.shown} <span className={styles.errorText}>{error.message}</span>
      </span>
    )
  }
  const inner = resultContext(context)
  if (!isList(context.field)) return <FieldValue value={value} context={inner} />
  const items = itemsOf(value)
  if (items.length === 0) return <span className={styles.nothing}>Empty</span>
  const shown = kindOf(inner.field)
  const plain = shown.shape !== 'pills' && shown.shape !== 'user' && shown.shape !== 'check'
  return (
    <span className={styles.many}>
      {items.map((item, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the same value may stand in the list several times
        <span key={at} className={plain ? styles.chip : undefined}>
          {plain ? shown.format(item, inner) : <FieldValue value={item} context={inner} />}
        </span>
      ))}
    </span>
  )
}
