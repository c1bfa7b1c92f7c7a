/**
 * What travels between browser and server: the one place that names these shapes for the front end.
 * The meaning of each is in docs/reference/http.md.
 */

export type TableId = string
export type FieldId = string
export type RecordId = string
export type ViewId = string
export type UserId = string
export type Role = 'admin' | 'member'

export type FieldKind =
  | 'text'
  | 'long_text'
  | 'email'
  | 'phone'
  | 'url'
  | 'number'
  | 'currency'
  | 'percent'
  | 'rating'
  | 'checkbox'
  | 'single_select'
  | 'multi_select'
  | 'date'
  | 'date_time'
  | 'duration'
  | 'user'
  | 'link'
  | 'created_time'
  | 'modified_time'
  | 'created_by'
  | 'modified_by'
  | 'auto_number'
  | 'attachment'
  | 'formula'
  | 'lookup'
  | 'rollup'
  | 'count'

export interface Choice {
  id: string
  name: string
  color: string
}

export interface FieldOptions {
  precision?: number
  thousands?: boolean
  code?: string
  max?: number
  choices?: Choice[]
  format?: string
  clock?: '24h' | '12h'
  zone?: string | null
  table?: TableId
  many?: boolean
  inverse?: FieldId | null
  /** It shows the links of the other field, in the manual order of their table. */
  backwards?: boolean
}

export interface Field {
  id: FieldId
  table: TableId
  key: string | null
  name: string
  kind: FieldKind
  description: string
  options: FieldOptions
  position: number
  primary: boolean
  builtin: boolean
  read_only: boolean
  archived_at: string | null
}

export interface Sort {
  field: FieldId
  desc: boolean
}

export type Filter = { and: Filter[] } | { or: Filter[] } | { field: FieldId; op: string; value?: unknown }

export type ViewKind = 'grid' | 'kanban' | 'calendar' | 'gallery'

/** By the option of a single select, or by the first condition that fits. */
export interface RowColor {
  field?: FieldId | null
  rules?: { filter: Filter; color: string }[]
}

export interface ViewConfig {
  filter?: Filter | null
  sorts?: Sort[]
  groups?: Sort[]
  hidden?: FieldId[]
  order?: FieldId[]
  widths?: Record<FieldId, number>
  frozen?: number
  row_height?: number
  color?: RowColor | null
  totals?: Record<FieldId, Aggregate | 'none'>
  stack?: FieldId | null
  hide_empty?: boolean
  date?: FieldId | null
  /** The last day of a record that stands on several. */
  end?: FieldId | null
  scale?: 'month' | 'week'
  /** The attachment field whose first picture stands on top of a card. */
  cover?: FieldId | null
  cover_fit?: 'crop' | 'fit'
}

export interface View {
  id: ViewId
  table: TableId
  name: string
  description: string
  section: string
  kind: ViewKind
  owner: UserId | null
  created_by: UserId | null
  locked: boolean
  starred: boolean
  position: number
  config: ViewConfig
  deleted_at: string | null
}

export interface Table {
  id: TableId
  key: string
  name: string
  name_one: string
  /** It comes with the program; others were made by the team. */
  builtin: boolean
  position: number
  primary_field: FieldId
  fields: Field[]
  views: View[]
}

/** A table in the trash. */
export interface DeletedTable {
  id: TableId
  name: string
  deleted_at: string
}

export interface Tables {
  version: number
  schema_version: number
  tables: Table[]
  deleted: DeletedTable[]
}

/** A cell as stored: text, number, true, an id, a list of ids, or null when empty. */
export type CellValue = string | number | boolean | string[] | AttachedFile[] | null

/** A file in a cell; `hash` names its content, `type` was told from it. */
export interface AttachedFile {
  hash: string
  name: string
  size: number
  type: string
}

/** A computed cell whose computation failed; `shown` is what it says: #ERROR!, NaN, Infinity. */
export interface CellError {
  error: { kind: string; message: string; shown: string }
}
export type Cells = Record<FieldId, CellValue>

/** An earlier state, by one of the two; a date as `moment` means its end. */
export interface AsOf {
  version?: number
  moment?: string
}

export interface QueryRequest {
  view?: ViewId
  filter?: Filter | null
  groups?: Sort[]
  sorts?: Sort[]
  search?: string
  fields?: FieldId[]
  deleted?: boolean
  offset?: number
  limit?: number
  after?: string
  as_of?: AsOf
}

export interface QueryAnswer {
  version: number
  total: number
  offset: number
  fields: FieldId[]
  ids: RecordId[]
  columns: CellValue[][]
  names: Record<RecordId, string>
  next: string | null
}

export type Aggregate =
  | 'count'
  | 'filled'
  | 'empty'
  | 'unique'
  | 'percent_filled'
  | 'percent_empty'
  | 'sum'
  | 'average'
  | 'median'
  | 'min'
  | 'max'
  | 'range'
  | 'stddev'

export interface AggregateRequest {
  filter?: Filter | null
  search?: string
  view?: ViewId
  groups?: Sort[]
  aggregates: Record<FieldId, Aggregate>
  as_of?: AsOf
}

export interface AggregateAnswer {
  version: number
  total: number
  totals: Record<FieldId, CellValue>
  groups: { key: CellValue[]; count: number; totals: Record<FieldId, CellValue> }[]
  names: Record<RecordId, string>
}

export interface RecordAnswer {
  version: number
  id: RecordId
  table: TableId
  cells: Cells
  names: Record<RecordId, string>
  created_at: string
  created_by: UserId | null
  updated_at: string
  updated_by: UserId | null
  deleted_at: string | null
}

export interface Actor {
  id: UserId
  name: string
}

export interface HistoryItem {
  version: number
  at: string
  actor: Actor | null
  source: string
  reason: string
  kind: string
  before: Cells | null
  after: Cells | null
}

export interface HistoryAnswer {
  items: HistoryItem[]
  total: number
  names: Record<RecordId, string>
}

export interface NewField {
  name: string
  kind: FieldKind
  options?: FieldOptions
  description?: string
}

export type Op =
  | { op: 'create'; table: TableId; records: { cells: Record<string, unknown> }[]; before?: RecordId | null }
  | { op: 'update'; table: TableId; records: { id: RecordId; cells: Record<string, unknown> }[] }
  | { op: 'delete' | 'restore'; table: TableId; ids: RecordId[] }
  | { op: 'move'; table: TableId; ids: RecordId[]; before: RecordId | null }
  | { op: 'merge'; table: TableId; into: RecordId; records: RecordId[]; take: Record<FieldId, string> }
  | { op: 'create_field'; table: TableId; field: NewField; before?: FieldId | null }
  | { op: 'update_field'; field: FieldId; set: Partial<NewField> }
  | { op: 'move_field'; field: FieldId; before: FieldId | null }
  | { op: 'archive_field' | 'restore_field'; field: FieldId }
  | {
      op: 'create_view'
      table: TableId
      view: {
        name: string
        kind: string
        personal: boolean
        config: ViewConfig
        section?: string
        description?: string
      }
    }
  | {
      op: 'update_view'
      view: ViewId
      set: {
        name?: string
        description?: string
        section?: string
        locked?: boolean
        position?: number
        config?: ViewConfig
      }
    }
  | { op: 'delete_view' | 'restore_view'; view: ViewId }
  | { op: 'create_table'; table: { name: string; name_one?: string } }
  | { op: 'update_table'; table: TableId; set: { name?: string; name_one?: string; position?: number } }
  | { op: 'archive_table' | 'restore_table'; table: TableId }

export interface ChangeRequest {
  base_version?: number
  /** Makes select options that are named but not there yet, instead of refusing them. */
  create_options?: boolean
  ops: Op[]
  reason?: string
}

/** What is empty or false is left out. */
export interface TableChange {
  records?: { id: RecordId; cells: Cells; created?: boolean; position?: number }[]
  deleted?: RecordId[]
  restored?: RecordId[]
  reload?: boolean
}

export interface Change {
  version: number
  at: string
  actor: Actor | null
  source: string
  reason: string | null
  schema: boolean
  tables: Record<TableId, TableChange>
  names: Record<RecordId, string>
}

export interface ChangeAnswer {
  version: number
  created: RecordId[][]
  lost: number
  change: Change
}

export interface ChangesAnswer {
  version: number
  changes: Change[]
  reset: boolean
}

export type LiveMessage =
  | { type: 'hello'; version: number; changes: Change[]; reset: boolean }
  | { type: 'change'; change: Change }
  | { type: 'plugins' }
  | { type: 'computing'; done: number; total: number }
  | { type: 'activity' }
  | PeopleMessage
  | { type: 'ping' }

/** Everybody at a table, the receiver too; `more` are not listed. */
export interface PeopleMessage {
  type: 'presence'
  table: TableId
  people: Someone[]
  more: number
}

/** A person at a table, and the cell they stand in. */
export interface Someone {
  user: UserId
  name: string
  view?: ViewId
  record?: RecordId
  field?: FieldId
}

export interface User {
  id: UserId
  name: string
  email: string
  role: Role
  active: boolean
}

export interface TeamSettings {
  time_zone: string
  currency: string
  name: string
}

export interface Session {
  user: User | null
  csrf: string | null
  setup_needed: boolean
  settings: TeamSettings
  /** The password was right, and one of these is needed too. */
  second_step?: SecondStep | null
  /** The team's policy demands a second factor, and nothing else is possible until one is set up. */
  lacks_factor?: boolean
}

export type FactorWay = 'app' | 'passkey' | 'recovery'

export interface SecondStep {
  ticket: string
  ways: FactorWay[]
}

export interface PasskeyQuestion {
  ticket: string
  options: Record<string, unknown>
}

export interface Passkey {
  id: string
  name: string
  host: string
  created_at: string
  used_at: string | null
}

export interface SecondFactor {
  app_since: string | null
  passkeys: Passkey[]
  recovery_codes_left: number
  required: boolean
}

/** An account as admins see it. */
export interface Account extends User {
  created_at: string
  last_seen_at: string | null
  second_factor: boolean
  sessions: number
}

export interface SecurityPolicy {
  admins_need_second_factor: boolean
  members_need_second_factor: boolean
  allowed_hosts: string[]
}

export interface SecurityFinding {
  key: string
  title: string
  state: 'ok' | 'attention' | 'problem'
  detail: string
  advice: string
}

export interface SecurityStatus {
  ready: boolean
  findings: SecurityFinding[]
}

/** One problem of an error answer, pointing at the member of the request it is about. */
export interface ProblemItem {
  code: string
  detail: string
  pointer: string
}

export interface CellConflict {
  table: TableId
  record: RecordId
  field: FieldId
  yours: CellValue
  theirs: CellValue
  updated_at: string
  updated_by: Actor | null
}

/** An RFC 9457 answer with our members; a version conflict carries the last four as well. */
export interface Problem {
  type?: string
  title?: string
  status: number
  code: string
  detail: string
  hint?: string
  pointer?: string
  errors?: ProblemItem[]
  retry_after?: number
  version?: number
  updated_at?: string | null
  updated_by?: Actor | null
  conflicts?: CellConflict[]
  /** Cells in conflict beyond those: fields by record. */
  more_conflicts?: Record<RecordId, FieldId[]>
}

/** How ambiguous cells are read: the order of day and month in 3/4/2026, and the sign before decimals in 1.234. */
export interface Reading {
  order?: 'mdy' | 'dmy' | null
  decimal?: '.' | ',' | null
}

export type Target =
  | ({ to: 'field'; field: FieldId } & Reading)
  | ({ to: 'new'; name: string; kind: FieldKind; options?: FieldOptions } & Reading)
  | ({ to: 'related'; table: string; field: string } & Reading)
  | { to: 'skip' }

export interface ImportColumn {
  index: number
  name: string
  samples: string[]
  /** How many rows have nothing here. */
  empty: number
  suggestion: Target
  /** What a person should know about the suggestion, or '' */
  notice?: string
}

export type ImportStatus =
  | 'read'
  | 'comparing'
  | 'compared'
  | 'applying'
  | 'applied'
  | 'undone'
  | 'cancelled'
  | 'failed'

export interface ImportCounts {
  created: number
  updated: number
  unchanged: number
  conflicts: number
  errors: number
}

export interface ImportRun {
  id: string
  table: TableId
  filename: string
  status: ImportStatus
  progress: { done: number; total: number }
  dialect: { encoding?: string; delimiter?: string; newline?: string; bom?: boolean }
  /** What a person should know about the file as a whole. */
  notices?: string[]
  rows: number
  columns: ImportColumn[]
  mapping: Target[]
  key: FieldId | null
  saved_mapping: boolean
  counts: ImportCounts
  version: number | null
  problem: { code: string; detail: string; hint: string } | null
  created_at: string
  created_by: UserId | null
}

export type Outcome = 'create' | 'update' | 'unchanged' | 'conflict' | 'error'

export interface RowProblem {
  line: number
  column: string | null
  reason: string
}

export interface ImportRow {
  line: number
  outcome: Outcome
  record?: RecordId | null
  name?: string | null
  /** Where `conflict` is true `before` stays, and `after` is only what the file says. */
  cells: { field: string; before: CellValue; after: CellValue; conflict: boolean }[]
  errors: RowProblem[]
}

export interface ImportRows {
  total: number
  rows: ImportRow[]
  names?: Record<RecordId, string>
}

export interface SignInSession {
  id: string
  created_at: string
  seen_at: string
  expires_at: string
  address: string
  agent: string
  factors: string
  current: boolean
}

export interface ApiToken {
  id: string
  name: string
  scope: 'read' | 'write' | 'metrics'
  created_at: string
  expires_at: string | null
  used_at: string | null
}

export interface Invite {
  id: string
  email: string
  role: Role
  created_at: string
  expires_at: string
  created_by: UserId | null
}

export type PluginState =
  | 'missing'
  | 'broken'
  | 'blocked'
  | 'off'
  | 'needs_setup'
  | 'migration_failed'
  | 'on'
  | 'resting'
  | 'failed'

export interface Plugin {
  name: string
  title: string
  summary: string
  version: string
  state: PluginState
  reason: string
  next_step: string
  pinned: boolean
  provides: { hook: string; name: string }[]
  talks_to: string[]
  settings_schema: Record<string, unknown>
  settings: Record<string, unknown>
  readme: string
  /** It has stored something, which may be removed now. */
  removable: boolean
}

/** Paths are relative to the data folder. */
export interface RemovedData {
  name: string
  tables: string[]
  settings: boolean
  snapshot: string | null
  files: string | null
}

export interface PluginCheck {
  name: string
  ok: boolean
  detail: string
  critical: boolean
}
