import { describe, expect, it } from 'vitest'
import { type Backup, progressText, reasonText, sizeText } from './wire'

describe('sizes', () => {
  it.each([
    [0, '0 bytes'],
    [999, '999 bytes'],
    [1000, '1.0 KB'],
    [299_008, '299 KB'],
    [9_949_999, '9.9 MB'],
    [123_456_789, '123 MB'],
    [5_400_000_000, '5.4 GB'],
  ])('%i is %s', (bytes, text) => {
    expect(sizeText(bytes)).toBe(text)
  })
})

describe('words', () => {
  const backup = { reason: 'manual', created_by: 'Ada' } as Backup

  it('says who made a backup by hand, and nobody for the others', () => {
    expect(reasonText(backup)).toBe('By hand, Ada')
    expect(reasonText({ ...backup, reason: 'nightly' })).toBe('Nightly')
    expect(reasonText({ ...backup, reason: 'something new' })).toBe('something new')
  })

  it('says what is under way, with the step once it is known', () => {
    const progress = { doing: 'backup', backup: '', step: '', share: 0, started_at: '', by: '' }
    expect(progressText(progress)).toBe('Making a backup')
    expect(progressText({ ...progress, step: 'contents' })).toBe('Making a backup: comparing every row')
  })
})
