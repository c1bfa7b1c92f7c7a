/** Fields whose cells the server computes: they are read-only and look, filter and sort like their result's kind. */

import type { Format, FormulaError } from '../../api/formulas'
import type { CellError, Field, FieldId, FieldKind, FieldOptions, Filter } from '../../api/types'
import type { Cell } from '../../store/cells'
import type { Kind, KindContext } from './kind'

/** The options of a computed field: what a person sets, and what the server says of the result. */
export interface ComputedOptions {
  formula?: string
  link?: FieldId | null
  field?: FieldId | null
  filter?: Filter | null
  format?: Format | null
  result?: string
  many?: boolean
  reads?: FieldId[]
  clock?: string
  warnings?: FormulaError[]
  error?: FormulaError | null
  /** Whether its cells are being computed anew and still show what they were. */
  calculating?: boolean
}

const COMPUTED: readonly string[] = ['formula', 'lookup', 'rollup', 'count']

/** Which options a person sets, by kind; the rest of the answered ones are the server's. */
export const OWN_OPTIONS: Readonly<Record<string, readonly (keyof ComputedOptions)[]>> = {
  formula: ['formula', 'format'],
  lookup: ['link', 'field', 'filter'],
  rollup: ['link', 'field', 'formula', 'filter', 'format'],
  count: ['link', 'filter'],
}

/** The options of a field as the dialog changes them; a result's format names its kind. */
export function startingOptions(field: Field): FieldOptions {
  if (!isComputed(field)) return field.options
  const given = computedOptions(field)
  const own = Object.fromEntries(
    (OWN_OPTIONS[field.kind] ?? []).flatMap((key) => (given[key] == null ? [] : [[key, given[key]]])),
  )
  if (given.format && own.format) own.format = { ...given.format, kind: given.result ?? 'text' }
  return own as FieldOptions
}

export function isComputedKind(kind: string): boolean {
  return COMPUTED.includes(kind)
}

export function isComputed(field: Pick<Field, 'kind'>): boolean {
  return isComputedKind(field.kind)
}

export function computedOptions(field: Pick<Field, 'options'>): ComputedOptions {
  return field.options as ComputedOptions
}

/** A field that looks like a result of that kind; the format's options are those of the kind. */
export function shownWith(field: Field, result: string | undefined, format: unknown): Field {
  const { kind, ...options } = (format ?? {}) as Partial<Format>
  const found = (result ?? kind ?? 'text') as FieldKind
  return { ...field, kind: found, options: options as FieldOptions, read_only: true }
}

const results = new WeakMap<Field, Field>()

/** The field a cell (or each item of its list) is painted as: itself, unless it is computed. */
export function resultOf(field: Field): Field {
  if (!isComputed(field)) return field
  let found = results.get(field)
  if (!found) {
    const { result, format } = computedOptions(field)
    found = shownWith(field, result, format)
    results.set(field, found)
  }
  return found
}

const asText = new WeakMap<Field, Field>()

/** The field that filters, sorts, groups and totals take it for: its result; a list is taken for its text. */
export function shownAs(field: Field): Field {
  if (!isList(field)) return resultOf(field)
  let found = asText.get(field)
  if (!found) {
    found = shownWith(field, 'text', null)
    asText.set(field, found)
  }
  return found
}

/** Whether its cells are lists of values, as of a lookup through a link to many. */
export function isList(field: Field): boolean {
  return isComputed(field) && computedOptions(field).many === true
}

/** What a cell in error says; undefined for every other. */
export function errorOf(value: unknown): CellError['error'] | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  return (value as Partial<CellError>).error
}

/** The single values of a list cell; a value that is itself a list gives its items. */
export function itemsOf(value: unknown): Cell[] {
  if (Array.isArray(value)) return value.flat().filter((item) => item !== null)
  return value === null || value === undefined ? [] : [value as Cell]
}

const inner = new WeakMap<KindContext, KindContext>()

/** The same context for the result of a computed field. */
export function resultContext(context: KindContext): KindContext {
  const shown = resultOf(context.field)
  if (shown === context.field) return context
  let found = inner.get(context)
  if (!found) {
    found = { ...context, field: shown }
    inner.set(context, found)
  }
  return found
}

/** The behaviour of a computed field from that of its result. */
export function computedKind(field: Field, shown: Kind): Kind {
  const list = isList(field)
  const one = (value: Cell, context: KindContext) => shown.format(value, resultContext(context))
  return {
    shape: list ? 'list' : shown.shape,
    align: list ? 'left' : shown.align,
    writable: false,
    format: (value, context) => {
      const error = errorOf(value)
      if (error) return error.shown
      return list
        ? itemsOf(value)
            .map((item) => one(item, context))
            .join(', ')
        : one(value, context)
    },
    edit: (value, context) => shown.edit(value, resultContext(context)),
    parse: (typed, context) => shown.parse(typed, resultContext(context)),
  }
}
