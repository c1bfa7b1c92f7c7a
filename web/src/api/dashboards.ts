/** The sums of the dashboards, as they travel (docs/reference/http.md). Amounts are in major units. */
import type { RecordId } from './types'

export interface StageSum {
  /** The option's id; null for investors without a stage. */
  stage: string | null
  count: number
  check_size: number
  weighted: number
  without_probability: number
}

export interface Pipeline {
  version: number
  stages: StageSum[]
  passed: string[]
  graveyard: string[]
}

export interface FundTarget {
  id: RecordId
  name: string
  target: number | null
}

export type Firmness = 'soft' | 'hard'

export interface Promised {
  fund: RecordId | null
  state: Firmness
  /** Such as 2026-11. */
  month: string | null
  closing: string | null
  count: number
  amount: number
}

export interface Commitments {
  version: number
  soft: string[]
  hard: string[]
  funds: FundTarget[]
  promised: Promised[]
  of_deleted_investors: number
}
