/** Errors and warnings of a formula: where they stand in the text as it is now, and what one press would change. */
import type { FormulaError } from '../../api/formulas'
import { quoteField, toUnits } from './tokens'

export interface Problem {
  readonly error: FormulaError
  readonly warning: boolean
  /** UTF-16 units of the present text; undefined when it is about no place. */
  readonly at: readonly [number, number] | undefined
}

export interface Fix {
  readonly label: string
  readonly start: number
  readonly end: number
  readonly text: string
}

/**
 * The problems of an answer, moved along with what was typed since it was asked: those before the changed part stay,
 * those behind it shift, those within are left out until the next answer.
 */
export function problemsNow(
  errors: readonly FormulaError[],
  warnings: readonly FormulaError[],
  checked: string,
  text: string,
): Problem[] {
  const all = [...errors.map((error) => [error, false] as const), ...warnings.map((error) => [error, true] as const)]
  const [from, to] = changedPart(checked, text)
  const shift = text.length - checked.length
  return all.flatMap(([error, warning]): Problem[] => {
    if (!error.span) return [{ error, warning, at: undefined }]
    const [start, end] = toUnits(checked, error.span)
    if (checked === text || end < from) return [{ error, warning, at: [start, end] }]
    if (start > to) return [{ error, warning, at: [start + shift, end + shift] }]
    return []
  })
}

/** The part of the old text that differs from the new one. */
function changedPart(before: string, after: string): [number, number] {
  const most = Math.min(before.length, after.length)
  let from = 0
  while (from < most && before[from] === after[from]) from += 1
  let tail = 0
  while (tail < most - from && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1
  return [from, before.length - tail]
}

/** The changes that would set a problem right, the likeliest first. */
export function fixesOf({ error, warning, at }: Problem, text: string, fields: readonly string[]): Fix[] {
  if (!at || error.kind === 'arity') return []
  const [start, end] = at
  if (error.expected === 'an operator') return spacedField(text, start, end, fields)
  return error.suggestions.flatMap((meant): Fix[] => {
    if (error.kind === 'unknown_field') {
      const written = meant.endsWith('()') ? meant : quoteField(meant)
      return [{ label: meant, start, end, text: written }]
    }
    if (error.kind === 'unknown_function') return /\s/.test(meant) ? [] : [{ label: meant, start, end, text: meant }]
    if (error.kind === 'syntax') return syntaxFix(error, meant, start, end)
    if (warning || error.kind === 'type') return [{ label: meant, start, end, text: meant }]
    const quote = text[start] === "'" ? "'" : '"'
    return [{ label: meant, start, end, text: `${quote}${meant}${quote}` }]
  })
}

function syntaxFix(error: FormulaError, meant: string, start: number, end: number): Fix[] {
  if (error.actual === 'the end') return [{ label: `Add ${meant}`, start: end, end, text: meant }]
  if (meant === '') return [{ label: `Remove ${error.actual || 'it'}`, start, end, text: '' }]
  // AND for &&: a function cannot simply take an operator's place.
  if (/^[A-Z]+$/.test(meant)) return []
  return [{ label: meant, start, end, text: meant }]
}

/** A name of several words without its braces: `Check size * 2`. */
function spacedField(text: string, start: number, end: number, fields: readonly string[]): Fix[] {
  const low = text.toLowerCase()
  return fields.flatMap((name): Fix[] => {
    if (!name.includes(' ')) return []
    const at = low.lastIndexOf(name.toLowerCase(), start)
    if (at < 0 || at + name.length < end || text[at - 1] === '{') return []
    return [{ label: quoteField(name), start: at, end: at + name.length, text: quoteField(name) }]
  })
}
