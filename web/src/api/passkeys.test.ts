import { describe, expect, it } from 'vitest'
import { decode, encode, toBytes } from './passkeys'

describe('bytes of passkeys', () => {
  it('come back from base64url as they were', () => {
    for (let length = 0; length < 70; length += 1) {
      const bytes = Uint8Array.from({ length }, (_, index) => (index * 83 + length) % 256)
      expect(decode(encode(bytes.buffer))).toEqual(bytes)
      expect(encode(bytes.buffer)).toMatch(/^[\w-]*$/)
    }
  })

  it('replace only the members that carry them', () => {
    const made = toBytes({
      challenge: 'AQID',
      rp: { id: 'crm.example.org', name: 'Fund' },
      user: { id: 'BAU', name: 'ada', displayName: 'Ada' },
      excludeCredentials: [{ id: 'Bg', type: 'public-key' }],
      pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
      timeout: 60000,
    })
    expect(made).toEqual({
      challenge: new Uint8Array([1, 2, 3]),
      rp: { id: 'crm.example.org', name: 'Fund' },
      user: { id: new Uint8Array([4, 5]), name: 'ada', displayName: 'Ada' },
      excludeCredentials: [{ id: new Uint8Array([6]), type: 'public-key' }],
      pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
      timeout: 60000,
    })
  })
})
