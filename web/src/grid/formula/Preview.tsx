/** What the formula gives on one record, while it is written. */
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { FieldValue } from '../../record/FieldValue'
import { normalized } from '../../store/cells'
import { IconButton } from '../../ui/Button'
import { cx } from '../../ui/classes'
import { errorOf, shownWith } from '../kinds/computed'
import type { GridModel } from '../model'
import styles from './Formula.module.css'
import { RecordName } from './RecordName'
import type { Check } from './useCheck'
import { clockWord, typeWord } from './words'

interface PreviewProps {
  model: GridModel
  check: Check
  row: number
  onRow: (row: number) => void
}

export function Preview({ model, check, row, onRow }: PreviewProps) {
  const { answer, good, current, failed } = check
  const preview = good?.preview
  const stale = !current || answer?.ok !== true
  const id = model.rows.idAt(row)
  const last = (model.rows.total ?? 0) - 1
  const go = async (next: number) => {
    await model.rows.ensure(next, next)
    onRow(next)
  }
  return (
    <section className={styles.preview} aria-label="Preview">
      <header className={styles.previewHead}>
        <span className={styles.previewOf}>{id ? <RecordName model={model} id={id} /> : 'Preview'}</span>
        <IconButton label="Previous record" size="small" disabled={row <= 0} onClick={() => void go(row - 1)}>
          <ChevronLeft size={14} />
        </IconButton>
        <IconButton label="Next record" size="small" disabled={row >= last} onClick={() => void go(row + 1)}>
          <ChevronRight size={14} />
        </IconButton>
      </header>
      <output className={cx(styles.previewValue, stale && styles.stale)} aria-live="polite">
        {failed !== undefined ? (
          <span className={styles.failed}>{failed}</span>
        ) : preview && good ? (
          <Result model={model} value={preview.value} result={good.result} format={good.format} />
        ) : (
          <span className={styles.nothing}>{good ? 'No record to try it on' : 'The result shows here'}</span>
        )}
      </output>
      <footer className={styles.previewFoot}>
        {good ? `Gives ${typeWord(good.type)}.` : '\u00a0'} {good && clockWord(good.clock)}
      </footer>
    </section>
  )
}

interface ResultProps {
  model: GridModel
  value: unknown
  result: string
  format: unknown
}

function Result({ model, value, result, format }: ResultProps) {
  const [base] = model.setting.fields
  if (!base) return null
  const field = shownWith(base, result, format)
  const error = errorOf(value)
  if (error) {
    return (
      <span className={styles.failed}>
        {error.shown} <span className={styles.quiet}>{error.message}</span>
      </span>
    )
  }
  return <FieldValue value={normalized(value)} context={{ ...model.context(base), field }} />
}
