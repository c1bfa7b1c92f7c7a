import type { Field, User } from '../../api/types'
import type { Cell } from '../../store/cells'

/** What parsing and formatting may ask about the world outside the cell. */
export interface KindContext {
  readonly field: Field
  /** The team's IANA time zone, used when the field names none. */
  readonly zone: string
  readonly now: () => Date
  /** Display name of a linked record, if known. */
  readonly nameOf: (record: string) => string | undefined
  readonly users: readonly User[]
}

/** Names typed that no option, user or record carries: the caller may offer to create them. */
export type Parsed =
  | { readonly ok: true; readonly value: Cell }
  | { readonly ok: false; readonly message: string; readonly unknown?: readonly string[] }

/** How a cell of one kind is shown, which decides the renderer and the editor. */
export type Shape =
  | 'text'
  | 'long'
  | 'number'
  | 'check'
  | 'rating'
  | 'pills'
  | 'date'
  | 'date_time'
  | 'user'
  | 'chips'
  | 'address'
  | 'list'
  | 'files'

/** Behaviour of one field kind: the pure half of a cell. */
export interface Kind {
  readonly shape: Shape
  readonly align: 'left' | 'right' | 'center'
  readonly writable: boolean
  /** Text shown in the cell and written to the clipboard. */
  format(value: Cell, context: KindContext): string
  /** Text the editor starts with; loses nothing `parse` needs. */
  edit(value: Cell, context: KindContext): string
  /** Reads typed or pasted text; empty text is an empty cell. */
  parse(text: string, context: KindContext): Parsed
}

export const EMPTY: Parsed = { ok: true, value: null }

export function value(of: Cell): Parsed {
  return { ok: true, value: of }
}

export function refuse(message: string, unknown?: readonly string[]): Parsed {
  return unknown ? { ok: false, message, unknown } : { ok: false, message }
}

/** An option of the field (`field.options`) read with its expected type, else the default. */
export function option<T>(field: Field, name: string, fallback: T): T {
  const found = (field.options as Record<string, unknown> | null)?.[name]
  return found === undefined || found === null ? fallback : (found as T)
}
