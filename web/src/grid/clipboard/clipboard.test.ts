import { describe, expect, it } from 'vitest'
import { readHtml, writeHtml } from './html'
import { readTsv, writeTsv } from './tsv'

describe('spreadsheet text', () => {
  it.each([
    [
      'a\tb\nc\td',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'a\tb\r\nc\td\r\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['a\rb', [['a'], ['b']]],
    ['"x\ny"\tz', [['x\ny', 'z']]],
    ['"say ""hi"""\tb', [['say "hi"', 'b']]],
    ['5" pipe\tb', [['5" pipe', 'b']]],
    ['"open\tb', [['"open', 'b']]],
    ['"a" b\tc', [['"a" b', 'c']]],
    ['\t\n', [['', '']]],
    ['', [['']]],
    ['a\n\nb', [['a'], [''], ['b']]],
  ])('reads %j', (text, wanted) => expect(readTsv(text)).toEqual(wanted))

  it('gives back what it wrote', () => {
    const rows = [
      ['plain', 'tab\there', 'line\nbreak'],
      ['"quoted"', '', 'a "b" c'],
      ['', 'x', ' spaces '],
    ]
    expect(readTsv(writeTsv(rows))).toEqual(rows)
  })
})

describe('HTML tables', () => {
  it('carries text and exact values back', () => {
    const rows = [
      [{ text: 'A & <b>', exact: { kind: 'text:fld1', value: 'A & <b>' } }, { text: 'two\nlines' }],
      [{ text: '', exact: { kind: 'link:fld2', value: ['rec1'] } }, { text: ' kept  spaces ' }],
    ]
    expect(readHtml(writeHtml(rows))).toEqual(rows)
  })

  it('reads Google Sheets, with line breaks inside a cell and joined cells', () => {
    const html =
      '<google-sheets-html-origin><table><tbody><tr><td>a<br/>b</td><td colspan="2">wide</td></tr>' +
      '<tr><td rowspan="2">tall</td><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr></tbody></table>'
    expect(readHtml(html)?.map((row) => row.map((cell) => cell.text))).toEqual([
      ['a\nb', 'wide', ''],
      ['tall', '1', '2'],
      ['', '3', '4'],
    ])
  })

  it('reads Excel, whose cells hold white space and styled runs', () => {
    const html = '<table><tr>\n <td class=xl>\n  <span>1,234</span> </td><td><p>x</p><p>y</p></td></tr></table>'
    expect(readHtml(html)?.map((row) => row.map((cell) => cell.text))).toEqual([['1,234', 'x\ny']])
  })

  it('believes exact values only from this grid', () => {
    const html = '<table><tr><td data-kind="text:fld1" data-value="&quot;x&quot;">y</td></tr></table>'
    expect(readHtml(html)).toEqual([[{ text: 'y' }]])
  })

  it('says when there is no table', () => expect(readHtml('<p>hello</p>')).toBeUndefined())
})
