/** What can be meant by a word that is being typed: fields and functions, the likeliest first. */
import type { FormulaFunction } from '../../api/formulas'
import type { Word } from './caret'
import { quoteField } from './tokens'

export interface NamedField {
  readonly id: string
  readonly name: string
  readonly kind: string
}

export type Candidate =
  | { readonly what: 'field'; readonly name: string; readonly field: NamedField }
  | { readonly what: 'function'; readonly name: string; readonly function: FormulaFunction }

const MOST = 60

export function candidates(
  word: Word,
  fields: readonly NamedField[],
  functions: readonly FormulaFunction[],
): Candidate[] {
  const typed = word.typed.trim().toLowerCase()
  const capitals = word.typed.length > 1 && word.typed === word.typed.toUpperCase()
  const found: { rank: number; at: number; one: Candidate }[] = []
  for (const [at, field] of fields.entries()) {
    const rank = rankOf(field.name, typed)
    if (rank !== undefined)
      found.push({ rank: rank * 2 + (capitals ? 1 : 0), at, one: { what: 'field', name: field.name, field } })
  }
  if (word.kind === 'name') {
    for (const [at, one] of functions.entries()) {
      const rank = rankOf(one.name, typed)
      if (rank === undefined) continue
      found.push({ rank: rank * 2 + (capitals ? 0 : 1), at, one: { what: 'function', name: one.name, function: one } })
    }
  }
  found.sort((a, b) => a.rank - b.rank || a.one.name.length - b.one.name.length || a.at - b.at)
  // In braces without a word yet, the fields stand as they do in the table.
  if (typed === '')
    found.sort((a, b) => Number(a.one.what === 'function') - Number(b.one.what === 'function') || a.at - b.at)
  return found.slice(0, MOST).map(({ one }) => one)
}

/** 0 the very name, 1 it begins so, 2 a word in it does, 3 it is in there somewhere; undefined: not meant. */
function rankOf(name: string, typed: string): number | undefined {
  const low = name.toLowerCase()
  if (low === typed) return 0
  if (low.startsWith(typed)) return 1
  const at = low.indexOf(typed)
  if (at < 0) return undefined
  if (/[\s_/(-]/.test(low[at - 1] ?? '')) return 2
  return typed.length > 1 ? 3 : undefined
}

export interface Insertion {
  readonly start: number
  readonly end: number
  readonly text: string
  /** Where the caret goes. */
  readonly caret: number
}

/** What accepting a candidate changes in the formula; brackets that stand there already are not doubled. */
export function insertion(candidate: Candidate, word: Word, text: string): Insertion {
  const { start, end } = word
  if (candidate.what === 'field') {
    const written = quoteField(candidate.name)
    return { start, end, text: written, caret: start + written.length }
  }
  const { name } = candidate
  const opened = /^\s*\(/.exec(text.slice(end))
  if (opened) return { start, end, text: name, caret: start + name.length + opened[0].length }
  const written = `${name}()`
  const inside = candidate.function.takes.length > 0 ? 1 : 0
  return { start, end, text: written, caret: start + written.length - inside }
}
