import { describe, expect, it } from 'vitest'
import type { AttachedFile, Field } from '../../api/types'
import { sameCell } from '../../store/cells'
import { attachment, endingOf, filesOf, fileUrl, isPicture, sizeText } from './files'
import type { KindContext } from './kind'

const file = (name: string, hash = 'a', type = 'image/png'): AttachedFile => ({ hash, name, size: 1, type })
const context = { field: { name: 'Papers' } as Field } as KindContext

describe('attachments', () => {
  it('are named in the cell, with quotes where a name has a comma', () => {
    expect(attachment.format([file('a.png'), file('b, c.pdf')], context)).toBe('a.png, "b, c.pdf"')
    expect(attachment.format(null, context)).toBe('')
  })

  it('take no typed text, and are emptied by none', () => {
    expect(attachment.parse('a.png', context)).toMatchObject({ ok: false })
    expect(attachment.parse(' ', context)).toEqual({ ok: true, value: null })
  })

  it('are the same when content and name are, whatever else is said of them', () => {
    expect(sameCell([file('a')], [{ ...file('a'), size: 9 }])).toBe(true)
    expect(sameCell([file('a')], [file('b')])).toBe(false)
    expect(sameCell([file('a')], [file('a', 'b')])).toBe(false)
    expect(sameCell([], null)).toBe(true)
    expect(filesOf(['rec1', 'rec2'])).toEqual([])
  })

  it('have an address that any name fits into', () => {
    expect(fileUrl(file('50% & a/b?.png', 'h'))).toBe('/api/attachments/h/50%25%20%26%20a%2Fb%3F.png')
    expect(fileUrl(file('a', 'h'), true)).toBe('/api/attachments/h/a?download=true')
  })

  it('say their size and ending as people do', () => {
    expect([0, 999, 1000, 999_600, 1_400_000, 52_000_000].map(sizeText)).toEqual([
      '0 B',
      '999 B',
      '1.0 kB',
      '1.0 MB',
      '1.4 MB',
      '52 MB',
    ])
    expect(['a.pdf', 'a.b.docx', 'noending', 'x.verylong', 'x.'].map(endingOf)).toEqual([
      'PDF',
      'DOCX',
      'FILE',
      'FILE',
      'FILE',
    ])
  })

  it('are pictures by type, never by name', () => {
    expect(isPicture(file('x.png', 'a', 'text/plain'))).toBe(false)
    expect(isPicture(file('x.svg', 'a', 'image/svg+xml'))).toBe(false)
  })
})
