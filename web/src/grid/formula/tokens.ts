/** Text to tokens, for highlighting and completion: the same pieces as plugins/formulas/language/tokens.py finds. */

export type TokenKind =
  | 'space'
  | 'comment'
  | 'number'
  | 'name'
  | 'call'
  | 'field'
  | 'text'
  | 'op'
  | 'mark'
  /** What no formula may hold: signs of other languages, curly quotation marks, what is never closed. */
  | 'foreign'
  | 'open'
  | 'bad'

export interface Token {
  readonly kind: TokenKind
  readonly text: string
  /** UTF-16 units, as the textarea counts. */
  readonly start: number
  readonly end: number
}

const PATTERN = new RegExp(
  [
    '(?<space>\\s+)',
    '(?<comment>//[^\\n]*)',
    '(?<number>(?:\\p{Nd}+(?:\\.\\p{Nd}*)?|\\.\\p{Nd}+)(?:[eE][+-]?\\p{Nd}+)?)',
    '(?<name>[\\p{L}\\p{Nl}\\p{No}_][\\p{L}\\p{N}_]*)',
    '(?<field>\\{(?:[^{}\\\\]|\\\\.)*\\})',
    '(?<text>"(?:[^"\\\\]|\\\\.)*"|\'(?:[^\'\\\\]|\\\\.)*\')',
    '(?<foreign>[“”„‘’«»][^“”„‘’«»]*[“”‘’«»]|==+|!==|<>|&&|\\|\\||\\*\\*|=>|=<|!(?!=)|[;^%|≠≤≥×÷−])',
    '(?<op>!=|<=|>=|[-+*/&=<>])',
    '(?<mark>[(),])',
    '(?<open>["\'{“”„‘’«»].*)',
    '(?<bad>.)',
  ].join('|'),
  'gsu',
)

/** Every piece of the text in order, spaces and comments too: joined they are the text again. */
export function tokenize(text: string): Token[] {
  const found: Token[] = []
  for (const match of text.matchAll(PATTERN)) {
    const kind = kindOf(match.groups)
    found.push({ kind, text: match[0], start: match.index, end: match.index + match[0].length })
  }
  for (const [at, token] of found.entries()) {
    if (token.kind === 'name' && nextSolid(found, at)?.text === '(') found[at] = { ...token, kind: 'call' }
  }
  return found
}

function kindOf(groups: Record<string, string> | undefined): TokenKind {
  for (const [kind, text] of Object.entries(groups ?? {})) if (text !== undefined) return kind as TokenKind
  return 'bad'
}

function nextSolid(tokens: readonly Token[], at: number): Token | undefined {
  const next = tokens[at + 1]
  return next?.kind === 'space' ? tokens[at + 2] : next
}

/** A field as a formula names it. */
export function quoteField(name: string): string {
  return `{${name.replace(/[\\{}]/g, '\\$&')}}`
}

/** The field that {…} names; an unclosed one too. */
export function fieldName(token: string): string {
  return token.replace(/^\{/, '').replace(/\\(.)|\}$/gs, (_, escaped: string | undefined) => escaped ?? '')
}

/** Where the code points of a text start in UTF-16 units: the server counts the former, the textarea the latter. */
export function toUnits(text: string, span: readonly [number, number]): [number, number] {
  return [unitsOf(text, span[0]), unitsOf(text, span[1])]
}

function unitsOf(text: string, points: number): number {
  let units = 0
  for (let seen = 0; seen < points && units < text.length; seen += 1) {
    units += (text.codePointAt(units) ?? 0) > 0xffff ? 2 : 1
  }
  return units
}
