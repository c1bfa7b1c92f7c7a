/** What travels about formulas (docs/reference/http.md, "Computed fields"), and the calls of the formula editor. */
import { api } from './client'
import type { FieldId, Filter, RecordId, TableId } from './types'

/** What is wrong with a formula or in a cell. `span` counts characters as people do (code points), end excluded. */
export interface FormulaError {
  kind: string
  message: string
  span: [number, number] | null
  expected: string
  actual: string
  suggestions: string[]
  function: string
  argument: number
  docs: string
  shown: string
}

export interface FormulaParameter {
  name: string
  type: string
  optional: boolean
  variadic: boolean
}

export interface FormulaExample {
  formula: string
  result: unknown
  fields: Record<string, unknown>
  error: string
}

export interface FormulaFunction {
  name: string
  category: string
  summary: string
  signature: string
  takes: FormulaParameter[]
  gives: string
  examples: FormulaExample[]
  plugin: string
  volatile: string
}

export interface FunctionsAnswer {
  functions: FormulaFunction[]
  operators: string[]
}

/** How a result is shown: a field kind and its options. */
export interface Format {
  kind: string
  [option: string]: unknown
}

export interface CheckRequest {
  kind?: 'formula' | 'rollup'
  formula: string
  link?: FieldId
  field?: FieldId
  filter?: Filter | null
  format?: Format | null
  editing?: FieldId
  record?: RecordId
}

export interface CheckAnswer {
  ok: boolean
  errors: FormulaError[]
  warnings: FormulaError[]
  type: string
  /** The kind it is shown as; `format` are that kind's settings. */
  result: string
  format: Record<string, unknown>
  formats: string[]
  reads: FieldId[]
  clock: string
  preview: { value: unknown; text: string } | null
}

/** A part of a formula and what it came to. */
export interface ExplainedPart {
  span: [number, number]
  text: string
  value: unknown
  shown: string
  error: FormulaError | null
  depth: number
}

export interface ExplainAnswer {
  formula: string
  value: unknown
  text: string
  parts: ExplainedPart[]
  values?: { record: RecordId; name: string; shown: string }[]
}

/** A field in the graph of what is computed from what; `of` is the field one step nearer. */
export interface DependencyNode {
  field: FieldId
  table: TableId
  name: string
  kind: string
  through: FieldId | null
  distance: number
  of: FieldId
}

export interface DependenciesAnswer {
  reads: DependencyNode[]
  read_by: DependencyNode[]
}

export const formulaCalls = {
  functions: () => api.get<FunctionsAnswer>('/api/formula/functions'),
  check: (table: TableId, request: CheckRequest, signal?: AbortSignal) =>
    api.post<CheckAnswer>(`/api/tables/${table}/formula`, request, signal ? { signal } : {}),
  explain: (table: TableId, field: FieldId, record: RecordId) =>
    api.get<ExplainAnswer>(`/api/tables/${table}/fields/${field}/explain`, { query: { record } }),
  dependencies: (table: TableId, field: FieldId) =>
    api.get<DependenciesAnswer>(`/api/tables/${table}/fields/${field}/dependencies`),
}
