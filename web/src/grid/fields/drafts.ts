/** A formula that was written but not saved is kept until this window closes: Esc must not cost an hour's work. */
import type { ComputedOptions } from '../kinds/computed'

export interface Draft {
  readonly name: string
  readonly kind: string
  readonly options: ComputedOptions
}

const drafts = new Map<string, Draft>()

/** Where a dialog's draft is kept: by field, or by table for a new one. */
export function draftKey(table: string, field: string | undefined): string {
  return field ?? `new ${table}`
}

export function keepDraft(key: string, draft: Draft): void {
  drafts.set(key, draft)
}

export function forgetDraft(key: string): void {
  drafts.delete(key)
}

export function draftOf(key: string): Draft | undefined {
  return drafts.get(key)
}
