/** The addresses behind soft and hard amounts, by fund, month and closing. */
import type { Commitments, Firmness } from '../../api/dashboards'
import type { Field, Filter, RecordId } from '../../api/types'
import { between, drillPath, isAny, isEmpty, isOption, linksTo } from './drill'
import type { Source } from './sources'

export interface Promises {
  readonly amount: Field
  /** The commitments of a firmness, to a fund (undefined: to any), and further conditions. */
  readonly path: (state: Firmness, fund: RecordId | null | undefined, more?: readonly Filter[]) => string
  /** The day that says when: soft circled on, or signed on. */
  readonly on: (state: Firmness, from: string | undefined, before: string | undefined) => Filter[]
  readonly undated: (state: Firmness) => Filter[]
  readonly inClosing: (closing: string | null) => Filter[]
  readonly inClosings: (closings: readonly string[]) => Filter[]
}

export function promisesOf(data: Commitments, commitments: Source): Promises {
  const [status, fund, amount] = [commitments.field('status'), commitments.field('fund'), commitments.field('amount')]
  const days = { soft: commitments.field('soft_circled_on'), hard: commitments.field('signed_on') }
  return {
    amount,
    path: (state, to, more = []) => {
      const conditions = [isAny(status, data[state]), ...(to === undefined ? [] : [linksTo(fund, to)]), ...more]
      return drillPath(commitments.table, conditions, { by: amount, total: amount })
    },
    on: (state, from, before) => between(days[state], from, before),
    undated: (state) => [isEmpty(days[state])],
    inClosing: (closing) => [isOption(commitments.field('closing'), closing)],
    inClosings: (closings) => [isAny(commitments.field('closing'), closings)],
  }
}
