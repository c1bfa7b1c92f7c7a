/** A formula in colours: by token, with what is wrong underlined and a part marked. */
import type { Ref } from 'react'
import { cx } from '../../ui/classes'
import styles from './Formula.module.css'
import { pieces, spotsOf } from './highlight'
import type { Problem } from './problems'
import type { Token } from './tokens'

interface FormulaTextProps {
  tokens: readonly Token[]
  problems?: readonly Problem[]
  brackets?: { readonly at: readonly number[]; readonly paired: boolean } | undefined
  marked?: readonly [number, number] | undefined
  className?: string | undefined
  ref?: Ref<HTMLPreElement>
}

export function FormulaText({ tokens, problems = [], brackets, marked, className, ref }: FormulaTextProps) {
  const end = tokens.at(-1)?.end ?? 0
  const atEnd = problems.find((one) => spotsOf(one).some((at) => at[0] >= end))
  return (
    <pre ref={ref} className={cx(styles.code, className)} aria-hidden="true">
      {pieces(tokens, { problems, brackets, marked }).map((piece) => (
        <span
          key={piece.start}
          className={cx(
            styles[piece.kind],
            piece.problem && styles[piece.problem],
            piece.bracket && styles[piece.bracket],
            piece.marked && styles.marked,
          )}
        >
          {piece.text}
        </span>
      ))}
      {/* Where something is missing at the end; and a last line that is empty has its height too. */}
      <span className={cx(atEnd && (atEnd.warning ? styles.warning : styles.error))}>
        {atEnd ? '\u00a0' : '\u200b'}
      </span>
    </pre>
  )
}
