/** Passkeys between the server's JSON and `navigator.credentials`, which speaks bytes. */

/** Why passkeys cannot be used here, or '' when they can: browsers want TLS and a name, not a bare address. */
export function whyNoPasskeys(): string {
  if (!window.isSecureContext) return 'Passkeys need an address with https.'
  if (!('credentials' in navigator) || !window.PublicKeyCredential) return 'This browser knows no passkeys.'
  if (/^[\d.]+$|:/.test(window.location.hostname)) return 'Passkeys need an address with a name instead of numbers.'
  return ''
}

/** Has the device make a passkey; rejects with a DOMException when the person declines. */
export async function createPasskey(options: Record<string, unknown>): Promise<Record<string, unknown>> {
  const publicKey = toBytes(options) as unknown as PublicKeyCredentialCreationOptions
  return asJson(await navigator.credentials.create({ publicKey }))
}

/** Has the device show a passkey. */
export async function showPasskey(options: Record<string, unknown>): Promise<Record<string, unknown>> {
  const publicKey = toBytes(options) as unknown as PublicKeyCredentialRequestOptions
  return asJson(await navigator.credentials.get({ publicKey }))
}

/** What a refusal of the device means, in words. */
export function explainPasskey(error: unknown): string | null {
  if (!(error instanceof DOMException)) return null
  switch (error.name) {
    case 'InvalidStateError':
      return 'This device has a passkey for your account already.'
    case 'SecurityError':
      return 'The browser takes no passkeys at this address. Use the https address with a name.'
    default:
      return 'No passkey was given: the device was not confirmed in time, or you cancelled.'
  }
}

/** The members that carry bytes: the challenge, the person's handle, and the ids of known passkeys. */
export function toBytes(value: unknown, member = ''): unknown {
  if (typeof value === 'string') return member === 'challenge' || member === 'bytes' ? decode(value) : value
  if (Array.isArray(value)) return value.map((item) => toBytes(item, member))
  if (typeof value !== 'object' || value === null) return value
  const inside = member === 'user' || member.endsWith('Credentials')
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, toBytes(item, inside && name === 'id' ? 'bytes' : name)]),
  )
}

function asJson(credential: Credential | null): Record<string, unknown> {
  const { id, rawId, type, response } = credential as PublicKeyCredential
  const given: Record<string, unknown> = {}
  for (const name of ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
    const bytes: unknown = (response as unknown as Record<string, unknown>)[name]
    if (bytes instanceof ArrayBuffer) given[name] = encode(bytes)
  }
  return { id, rawId: encode(rawId), type, response: given }
}

export function encode(bytes: ArrayBuffer): string {
  const text = btoa(String.fromCharCode(...new Uint8Array(bytes)))
  return text.replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
}

export function decode(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replace(/-/g, '+').replace(/_/g, '/'))
  return Uint8Array.from(plain, (character) => character.charCodeAt(0))
}
