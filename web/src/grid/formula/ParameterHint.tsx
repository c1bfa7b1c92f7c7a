/** How the function around the caret is called, with the argument being written in bold. */
import type { FormulaFunction } from '../../api/formulas'
import { cx } from '../../ui/classes'
import styles from './Formula.module.css'

export function ParameterHint({
  function: found,
  argument,
}: {
  function: FormulaFunction | undefined
  argument: number
}) {
  if (!found) {
    return (
      <p className={styles.hint}>
        <span>
          <kbd>{'{'}</kbd> names a field · <kbd>Ctrl</kbd> <kbd>Space</kbd> completes · <kbd>Tab</kbd> takes it
        </span>
      </p>
    )
  }
  const last = found.takes.length - 1
  const at = Math.min(argument, last)
  const tooMany = argument > last && !found.takes[last]?.variadic
  return (
    <p className={styles.hint} aria-live="polite">
      <code>
        {found.name}(
        {found.takes.map((one, index) => (
          <span key={one.name} className={cx(index === at && !tooMany && styles.active)}>
            {index > 0 && ', '}
            {one.optional ? `[${one.name}${one.variadic ? ', …' : ''}]` : `${one.name}${one.variadic ? ', …' : ''}`}
          </span>
        ))}
        )
      </code>
      <span className={styles.hintText}>{found.summary}</span>
    </p>
  )
}
