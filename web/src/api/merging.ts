/** Duplicates, merges and un-merging, as they travel (docs/reference/http.md). */
import type { Who } from './around'
import type { Cells, CellValue, ChangeAnswer, FieldId, RecordId, TableId } from './types'

export type ReasonKind = 'email' | 'page' | 'website' | 'domain' | 'name' | 'words' | 'form' | 'core' | 'similar'

export interface Reason {
  kind: ReasonKind
  text: string
  value: string | null
}

export interface Candidate {
  id: RecordId
  name: string
  details: string[]
  created_at: string
  updated_at: string
}

export interface Suggestion {
  records: Candidate[]
  /** From 0.5 to 1: how surely they are the same. */
  score: number
  reasons: Reason[]
}

export interface Suggestions {
  version: number
  total: number
  compared: number
  suggestions: Suggestion[]
}

export interface MergedRecord {
  id: RecordId
  name: string
  created_at: string
  updated_at: string
  cells: Cells
}

export interface LinkMove {
  table: TableId
  field: FieldId
  count: number
}

/** By field: whose value stays, or `all`. */
export type Take = Record<FieldId, RecordId | 'all'>

export interface MergePreview {
  version: number
  into: RecordId
  records: MergedRecord[]
  cells: Cells
  take: Take
  differing: FieldId[]
  unitable: FieldId[]
  links: LinkMove[]
  comments: number
  activities: number
  names: Record<RecordId, string>
}

export interface KeptCell {
  table: TableId
  record: RecordId
  field: FieldId
  before: CellValue
  now: CellValue
  updated_at: string
  updated_by: Who | null
}

export interface PastMerge {
  version: number
  at: string
  by: Who | null
  records: { id: RecordId; name: string }[]
  kept: KeptCell[]
  blocked: string | null
  names: Record<RecordId, string>
}

export interface Unmerged {
  applied: ChangeAnswer
  kept: KeptCell[]
}
