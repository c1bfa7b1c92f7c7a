/** What stands at the caret of a formula: the word being typed, the function around it, the bracket beside it. */
import { fieldName, type Token } from './tokens'

/** A word that can be completed, and what accepting a completion replaces. */
export interface Word {
  readonly kind: 'field' | 'name'
  readonly typed: string
  readonly start: number
  readonly end: number
}

/** The function whose brackets the caret is in; `argument` counts from 0. */
export interface Around {
  readonly name: string
  readonly argument: number
}

export function wordAt(tokens: readonly Token[], caret: number): Word | undefined {
  const token = tokens.find((one) => one.start < caret && caret <= one.end)
  if (!token) return undefined
  if (token.kind === 'name' || token.kind === 'call') {
    return { kind: 'name', typed: token.text.slice(0, caret - token.start), start: token.start, end: token.end }
  }
  if (token.kind === 'field' && caret < token.end) {
    const typed = fieldName(token.text.slice(0, caret - token.start))
    return { kind: 'field', typed, start: token.start, end: token.end }
  }
  if (token.kind === 'open' && token.text.startsWith('{')) {
    const typed = token.text.slice(1, caret - token.start)
    // On another line, or after what can only follow a name, the brace was meant for something else.
    if (/[\n{}(),"']/.test(typed)) return undefined
    return { kind: 'field', typed: fieldName(typed), start: token.start, end: caret }
  }
  return undefined
}

export function functionAround(tokens: readonly Token[], caret: number): Around | undefined {
  const open: { name: string; argument: number }[] = []
  let before: Token | undefined
  for (const token of tokens) {
    if (token.start >= caret) break
    if (token.kind === 'space' || token.kind === 'comment') continue
    if (token.text === '(' && token.kind === 'mark') {
      open.push({ name: before?.kind === 'call' ? before.text.toUpperCase() : '', argument: 0 })
    } else if (token.text === ')' && token.kind === 'mark') open.pop()
    else if (token.text === ',' && token.kind === 'mark') {
      const top = open.at(-1)
      if (top) top.argument += 1
    }
    before = token
  }
  return open.findLast((one) => one.name !== '')
}

/** The bracket beside the caret and its partner; only itself when it has none. */
export function bracketsAt(
  tokens: readonly Token[],
  caret: number,
): { at: readonly number[]; paired: boolean } | undefined {
  const isBracket = (token: Token) => token.kind === 'mark' && token.text !== ','
  const beside =
    tokens.find((one) => isBracket(one) && one.end === caret) ??
    tokens.find((one) => isBracket(one) && one.start === caret)
  if (!beside) return undefined
  const stack: Token[] = []
  for (const token of tokens) {
    if (!isBracket(token)) continue
    if (token.text === '(') stack.push(token)
    else {
      const opener = stack.pop()
      if (opener && (opener === beside || token === beside)) return { at: [opener.start, token.start], paired: true }
    }
  }
  return { at: [beside.start], paired: false }
}

/** Whether a closing bracket typed here would only repeat the one that stands behind the caret already. */
export function closesAlready(tokens: readonly Token[], caret: number): boolean {
  const next = tokens.find((one) => one.start === caret)
  if (next?.kind !== 'mark' || next.text !== ')') return false
  let open = 0
  for (const token of tokens) {
    if (token.kind !== 'mark') continue
    if (token.text === '(') open += 1
    else if (token.text === ')') open -= 1
  }
  return open <= 0
}
