/** The formula cut into pieces that each look one way: by token, by problem, by bracket beside the caret. */
import type { Problem } from './problems'
import { type Token, type TokenKind, tokenize } from './tokens'

/** Characters of a part that a warning underlines as a whole. */
const LONG = 24

export interface Piece {
  readonly start: number
  readonly text: string
  readonly kind: TokenKind
  readonly problem?: 'error' | 'warning'
  readonly bracket?: 'paired' | 'alone'
  readonly marked?: boolean
}

interface Look {
  readonly problems?: readonly Problem[]
  readonly brackets?: { readonly at: readonly number[]; readonly paired: boolean } | undefined
  /** A part that is pointed at, as when a value is explained. */
  readonly marked?: readonly [number, number] | undefined
}

export function pieces(tokens: readonly Token[], { problems = [], brackets, marked }: Look): Piece[] {
  const spots = problems.flatMap((one) =>
    spotsOf(one).map((at) => ({ at: one.warning ? shortened(at, tokens) : at, warning: one.warning })),
  )
  const edges = new Set([...spots.flatMap(({ at }) => at), ...(marked ?? [])])
  return tokens.flatMap((token): Piece[] => {
    const cuts = [token.start, ...[...edges].filter((edge) => edge > token.start && edge < token.end), token.end]
    cuts.sort((a, b) => a - b)
    return cuts.slice(1).map((end, at): Piece => {
      const start = cuts[at] ?? token.start
      const covers = (range: readonly [number, number]) => range[0] <= start && end <= range[1]
      const hit = spots.filter((spot) => covers(spot.at))
      const problem = hit.length === 0 ? undefined : hit.some(({ warning }) => !warning) ? 'error' : 'warning'
      return {
        start,
        text: token.text.slice(start - token.start, end - token.start),
        kind: token.kind,
        ...(problem ? { problem } : {}),
        ...(brackets?.at.includes(token.start) ? { bracket: brackets.paired ? 'paired' : 'alone' } : {}),
        ...(marked && covers(marked) ? { marked: true } : {}),
      }
    })
  })
}

/** What is underlined: the place of the problem; of what is never closed, where it opens and where it should end. */
export function spotsOf({ error, at }: Problem): (readonly [number, number])[] {
  if (!at) return []
  return isUnclosed(error)
    ? [
        [at[0], at[0] + 1],
        [at[1], at[1] + 1],
      ]
    : [at]
}

/** A warning about a long part underlines where it begins, not all of it. */
function shortened(at: readonly [number, number], tokens: readonly Token[]): readonly [number, number] {
  if (at[1] - at[0] <= LONG) return at
  return [at[0], tokens.find((token) => token.start === at[0])?.end ?? at[1]]
}

function isUnclosed(error: Problem['error']): boolean {
  return error.kind === 'syntax' && error.actual === 'the end' && error.suggestions.length > 0
}

/**
 * The tokens as they are shown while somebody types: a brace that is not closed yet takes only the name behind it, not
 * all the rest of the formula.
 */
export function shownTokens(text: string): Token[] {
  const tokens = tokenize(text)
  const last = tokens.at(-1)
  if (last?.kind !== 'open' || !last.text.startsWith('{')) return tokens
  const name = /^\{[^\n{}(),"'+*/&=<>]*/.exec(last.text)?.[0].trimEnd() ?? '{'
  const rest = shownTokens(last.text.slice(name.length)).map((token) => ({
    ...token,
    start: token.start + last.start + name.length,
    end: token.end + last.start + name.length,
  }))
  const open: Token = { kind: 'field', text: name, start: last.start, end: last.start + name.length }
  return [...tokens.slice(0, -1), open, ...rest]
}
