/** What is wrong with the formula, each with the changes that one press makes. */
import { AlertTriangle, CircleX } from 'lucide-react'
import type { FieldId } from '../../api/types'
import { cx } from '../../ui/classes'
import styles from './Formula.module.css'
import { type Fix, fixesOf, type Problem } from './problems'

interface ProblemListProps {
  id: string
  problems: readonly Problem[]
  text: string
  fields: readonly string[]
  onFix: (fix: Fix) => void
  /** Puts the caret where the problem is. */
  onShow: (at: readonly [number, number]) => void
  /** Deleted fields by name, which could come back. */
  restorable: ReadonlyMap<string, FieldId>
  onRestore: (field: FieldId) => void
}

export function ProblemList({ id, problems, text, fields, onFix, onShow, restorable, onRestore }: ProblemListProps) {
  return (
    <ul id={id} className={styles.problems} aria-live="polite">
      {problems.map((problem) => {
        const { error, warning, at } = problem
        const fixes = fixesOf(problem, text, fields)
        const deleted = error.kind === 'unknown_field' ? restorable.get(error.actual) : undefined
        return (
          <li
            key={`${error.kind} ${error.span} ${error.message}`}
            className={cx(styles.problem, warning && styles.mild)}
          >
            {warning ? <AlertTriangle size={14} aria-hidden="true" /> : <CircleX size={14} aria-hidden="true" />}
            <div>
              <button type="button" className={styles.problemText} onClick={() => at && onShow(at)}>
                {said(error.message, fixes)}
              </button>
              {deleted !== undefined && (
                <span className={styles.fixes}>
                  It was deleted.{' '}
                  <button type="button" className={styles.fix} onClick={() => onRestore(deleted)}>
                    Restore {error.actual}
                  </button>
                </span>
              )}
              {fixes.length > 0 && (
                <span className={styles.fixes}>
                  {lead(error.message, fixes)}
                  {fixes.map((fix) => (
                    <button
                      key={fix.label}
                      type="button"
                      className={styles.fix}
                      aria-label={/^(Add|Remove) /.test(fix.label) ? fix.label : `Use ${fix.label}`}
                      onClick={() => onFix(fix)}
                    >
                      {fix.label}
                    </button>
                  ))}
                </span>
              )}
            </div>
          </li>
        )
      })}
    </ul>
  )
}

function lead(message: string, fixes: readonly Fix[]): string {
  if (fixes.every(({ label }) => /^(Add|Remove) /.test(label))) return ''
  return message.includes('Did you mean') || fixes.length > 1 ? 'Did you mean ' : 'Use '
}

/** The message without the guess that the buttons repeat. */
function said(message: string, fixes: readonly Fix[]): string {
  return fixes.length > 0 ? message.replace(/ Did you mean [^?]*\?$/, '') : message
}
