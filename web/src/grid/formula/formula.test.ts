import { describe, expect, it } from 'vitest'
import type { FormulaError, FormulaFunction } from '../../api/formulas'
import { bracketsAt, closesAlready, functionAround, wordAt } from './caret'
import { candidates, insertion } from './completion'
import { pieces, shownTokens } from './highlight'
import { fixesOf, problemsNow } from './problems'
import { fieldName, quoteField, tokenize, toUnits } from './tokens'

const kinds = (text: string): string[] => tokenize(text).map((token) => `${token.kind} ${token.text}`)

function problem(kind: string, span: [number, number], patch: Partial<FormulaError> = {}): FormulaError {
  return {
    kind, message: kind, span, expected: '', actual: '', suggestions: [], function: '', argument: 0, docs: '',
    shown: '#ERROR!', ...patch,
  } // biome-ignore format: a table
}

function fn(name: string, takes: string[] = ['value']): FormulaFunction {
  const parameters = takes.map((one) => ({ name: one, type: 'number', optional: false, variadic: false }))
  return {
    name, category: 'numeric', summary: '', signature: `${name}(${takes.join(', ')})`, takes: parameters, gives: 'number',
    examples: [], plugin: 'formulas', volatile: '',
  } // biome-ignore format: a table
}

describe('tokens', () => {
  it('finds the same pieces as the server', () => {
    expect(kinds('IF({A b} >= 1.5e3, "x\\"y", -n) // why')).toEqual([
      'call IF', 'mark (', 'field {A b}', 'space  ', 'op >=', 'space  ', 'number 1.5e3', 'mark ,', 'space  ',
      'text "x\\"y"', 'mark ,', 'space  ', 'op -', 'name n', 'mark )', 'space  ', 'comment // why',
    ]) // biome-ignore format: a list
  })

  it('loses no character, whatever is typed', () => {
    for (const text of [
      '{open "a',
      'a == b && “c” ; ≠ 😀 #',
      "'never\nclosed",
      'Ünïcode_1 + ½x',
      '{a\\}b}',
      '\\ \u00a0x',
    ]) {
      expect(
        tokenize(text)
          .map((token) => token.text)
          .join(''),
      ).toBe(text)
    }
  })

  it('names fields with braces in them', () => {
    expect(quoteField('a{b}\\')).toBe('{a\\{b\\}\\\\}')
    expect(fieldName(quoteField('a{b}\\'))).toBe('a{b}\\')
    expect(tokenize(quoteField('a{b}\\')).map((token) => token.kind)).toEqual(['field'])
  })

  it('turns the places of the server, in code points, into those of the textarea', () => {
    expect(toUnits('"😀" + x', [6, 7])).toEqual([7, 8])
  })
})

describe('the caret', () => {
  it('knows the word that is being typed', () => {
    const at = (text: string) => wordAt(tokenize(text.replace('|', '')), text.indexOf('|'))
    expect(at('1 + Ro|')).toMatchObject({ kind: 'name', typed: 'Ro', start: 4, end: 6 })
    expect(at('Ro|un(1)')).toMatchObject({ kind: 'name', typed: 'Ro', start: 0, end: 4 })
    expect(at('{Ch| + 2')).toMatchObject({ kind: 'field', typed: 'Ch', start: 0, end: 3 })
    expect(at('{Ch|eck} + 2')).toMatchObject({ kind: 'field', typed: 'Ch', start: 0, end: 7 })
    expect(at('IF({|')).toMatchObject({ kind: 'field', typed: '', start: 3, end: 4 })
    expect(at('{Check}|')).toBeUndefined()
    expect(at('"in {te|xt"')).toBeUndefined()
    expect(at('// in a com|ment')).toBeUndefined()
    expect(at('1.5|')).toBeUndefined()
  })

  it('knows the function around it and the argument', () => {
    const at = (text: string) => functionAround(tokenize(text.replace('|', '')), text.indexOf('|'))
    expect(at('IF(a, ROUND(b, |2), c)')).toEqual({ name: 'ROUND', argument: 1 })
    expect(at('if(a, ROUND(b, 2), |c)')).toEqual({ name: 'IF', argument: 2 })
    expect(at('IF(a, (b + |c))')).toEqual({ name: 'IF', argument: 1 })
    expect(at('IF(a, "x, y", |b)')).toEqual({ name: 'IF', argument: 2 })
    expect(at('|IF(a)')).toBeUndefined()
    expect(at('IF(a)|')).toBeUndefined()
  })

  it('pairs brackets', () => {
    const tokens = tokenize('IF((a), ")")')
    expect(bracketsAt(tokens, 3)).toEqual({ at: [2, 11], paired: true })
    expect(bracketsAt(tokens, 12)).toEqual({ at: [2, 11], paired: true })
    expect(bracketsAt(tokenize('(a'), 1)).toEqual({ at: [0], paired: false })
    expect(bracketsAt(tokens, 5)).toEqual({ at: [3, 5], paired: true })
  })

  it('types over a closing bracket that is there already, and only then', () => {
    expect(closesAlready(tokenize('IF(a)'), 4)).toBe(true)
    expect(closesAlready(tokenize('IF((a)'), 5)).toBe(false)
    expect(closesAlready(tokenize('IF(a'), 4)).toBe(false)
  })
})

describe('completion', () => {
  const fields = [
    { id: 'f1', name: 'Stage', kind: 'single_select' },
    { id: 'f2', name: 'Check size', kind: 'currency' },
    { id: 'f3', name: 'Round', kind: 'text' },
  ]
  const functions = [fn('ROUND', ['value', 'precision']), fn('ROUNDUP'), fn('CONCATENATE'), fn('NOW', [])]
  const names = (typed: string, kind: 'name' | 'field' = 'name') =>
    candidates({ kind, typed, start: 0, end: typed.length }, fields, functions).map((one) => `${one.what} ${one.name}`)

  it('puts what begins with the word before what only holds it', () => {
    expect(names('round')).toEqual(['field Round', 'function ROUND', 'function ROUNDUP'])
    expect(names('ROUND')).toEqual(['function ROUND', 'field Round', 'function ROUNDUP'])
    expect(names('si')).toEqual(['field Check size'])
  })

  it('offers only fields in braces, all of them at first', () => {
    expect(names('', 'field')).toEqual(['field Stage', 'field Check size', 'field Round'])
    expect(names('round', 'field')).toEqual(['field Round'])
  })

  it('writes fields in braces and functions with the caret inside their brackets', () => {
    const word = (typed: string, end = typed.length) => ({ kind: 'name' as const, typed, start: 0, end })
    const accept = (typed: string, text: string) => {
      const [first] = candidates(word(typed), fields, functions)
      if (!first) throw new Error('nothing is offered')
      return insertion(first, word(typed), text)
    }
    expect(accept('che', 'che')).toEqual({ start: 0, end: 3, text: '{Check size}', caret: 12 })
    expect(accept('RO', 'RO')).toEqual({ start: 0, end: 2, text: 'ROUND()', caret: 6 })
    expect(accept('RO', 'RO(1)')).toEqual({ start: 0, end: 2, text: 'ROUND', caret: 6 })
    expect(accept('NO', 'NO')).toEqual({ start: 0, end: 2, text: 'NOW()', caret: 5 })
  })
})

describe('problems', () => {
  const wrong = problem('unknown_field', [4, 8], { suggestions: ['Check size'] })

  it('stay where they are while something behind them is typed, and move with what is typed before', () => {
    const places = (checked: string, text: string) => problemsNow([wrong], [], checked, text).map(({ at }) => at)
    expect(places('1 + Chek', '1 + Chek * 2')).toEqual([])
    expect(places('1 + Chek - 1', '1 + Chek - 12')).toEqual([[4, 8]])
    expect(places('1 + Chek - 1', '12 + Chek - 1')).toEqual([[5, 9]])
    expect(places('1 + Chek - 1', '1 + Check - 1')).toEqual([])
  })

  it('are set right by one press', () => {
    const fix = (error: FormulaError, text: string, fields: string[] = []) => {
      const [found] = problemsNow([error], [], text, text)
      const [first] = found ? fixesOf(found, text, fields) : []
      return first && text.slice(0, first.start) + first.text + text.slice(first.end)
    }
    expect(fix(wrong, '1 + Chek')).toBe('1 + {Check size}')
    expect(fix(problem('unknown_function', [0, 4], { suggestions: ['ROUND', 'AND'] }), 'ROND(1)')).toBe('ROUND(1)')
    expect(fix(problem('unknown_function', [0, 7], { suggestions: ['a lookup field'] }), 'VLOOKUP(1)')).toBeUndefined()
    expect(fix(problem('syntax', [2, 8], { suggestions: [')'], actual: 'the end' }), 'IF(1=1,2')).toBe('IF(1=1,2)')
    expect(fix(problem('syntax', [0, 1], { suggestions: [''], actual: '=' }), '=1+2')).toBe('1+2')
    expect(fix(problem('syntax', [2, 4], { suggestions: ['='], actual: '==' }), '1 == 2')).toBe('1 = 2')
    expect(fix(problem('syntax', [2, 4], { suggestions: ['AND'], actual: '&&' }), 'a && b')).toBeUndefined()
    expect(fix(problem('bad_unit', [2, 8], { suggestions: ['days'] }), "F('dayz')".replace("F('", "F,'"))).toBe(
      "F,'days')",
    )
    expect(fix(problem('type', [6, 13], { suggestions: ['VALUE({Notes})'] }), 'ROUND({Notes})')).toBe(
      'ROUND(VALUE({Notes}))',
    )
    expect(
      fix(problem('syntax', [6, 10], { expected: 'an operator', suggestions: ['&'] }), 'Check size * 2', [
        'Check size',
      ]),
    ).toBe('{Check size} * 2')
  })
})

describe('what is shown', () => {
  it('an open brace takes only the name behind it', () => {
    const text = '{Sta + ROUND(1)'
    expect(
      shownTokens(text)
        .map((token) => token.text)
        .join(''),
    ).toBe(text)
    expect(shownTokens(text)[0]).toMatchObject({ kind: 'field', text: '{Sta' })
    expect(shownTokens(text).some((token) => token.kind === 'call')).toBe(true)
  })

  it('marks exactly the part that a problem is about', () => {
    const text = 'ROND(1) + {A}'
    const shown = pieces(tokenize(text), {
      problems: problemsNow([problem('unknown_function', [0, 4])], [], text, text),
    })
    expect(shown.filter((piece) => piece.problem).map((piece) => piece.text)).toEqual(['ROND'])
    expect(shown.map((piece) => piece.text).join('')).toBe(text)
  })

  it('underlines a warning about a long part only where that begins', () => {
    const text = 'IF({A} > 1, "a long text", {B} * 2)'
    const problems = problemsNow([], [problem('warning', [0, text.length])], text, text)
    const marked = pieces(tokenize(text), { problems }).filter((piece) => piece.problem)
    expect(marked.map((piece) => piece.text)).toEqual(['IF'])
  })

  it('underlines what is never closed where it opens and where it should end', () => {
    const text = 'IF(1, 2'
    const open = problem('syntax', [2, 7], { actual: 'the end', suggestions: [')'] })
    const marked = pieces(tokenize(text), { problems: problemsNow([open], [], text, text) })
    expect(marked.filter((piece) => piece.problem).map((piece) => piece.text)).toEqual(['('])
  })

  it('cuts a token where a problem begins inside it', () => {
    const problems = problemsNow([], [problem('warning', [1, 3])], '"abc"', '"abc"')
    expect(pieces(tokenize('"abc"'), { problems }).map((piece) => [piece.text, piece.problem])).toEqual([
      ['"', undefined],
      ['ab', 'warning'],
      ['c"', undefined],
    ])
  })
})
