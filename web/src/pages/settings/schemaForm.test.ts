import { describe, expect, it } from 'vitest'
import { readSchema, readValues, type Schema, startValues } from './schemaForm'

/** As pydantic writes it for a settings model. */
const schema: Schema = {
  type: 'object',
  required: ['host'],
  $defs: { Security: { enum: ['tls', 'starttls', 'none'], title: 'Security', type: 'string' } },
  properties: {
    host: { type: 'string', title: 'Host', description: 'Name of the mail server.' },
    port: { type: 'integer', minimum: 1, maximum: 65535, default: 587 },
    security: { $ref: '#/$defs/Security', default: 'tls' },
    password: { anyOf: [{ type: 'string', format: 'password', writeOnly: true }, { type: 'null' }], default: null },
    reply_to: { anyOf: [{ type: 'string' }, { type: 'null' }], default: null },
    verify: { type: 'boolean', default: true },
    allowed: { type: 'array', items: { type: 'string' }, default: [] },
    headers: { type: 'object', default: {} },
  },
}
const fields = readSchema(schema)
const named = (name: string) => fields.find((field) => field.name === name)

describe('readSchema', () => {
  it('chooses a control for each property', () => {
    expect(Object.fromEntries(fields.map((field) => [field.name, field.control]))).toEqual({
      host: 'text',
      port: 'number',
      security: 'choice',
      password: 'secret',
      reply_to: 'text',
      verify: 'switch',
      allowed: 'list',
      headers: 'json',
    })
  })

  it('follows references and keeps limits, choices and titles', () => {
    expect(named('security')?.choices.map((choice) => choice.value)).toEqual(['tls', 'starttls', 'none'])
    expect(named('port')).toMatchObject({ min: 1, max: 65535, whole: true, title: 'Port' })
    expect(named('reply_to')).toMatchObject({ nullable: true, title: 'Reply to', required: false })
    expect(named('host')).toMatchObject({ required: true, hint: 'Name of the mail server.' })
  })

  it('has no fields for a plugin without settings', () => {
    expect(readSchema(null)).toEqual([])
    expect(readSchema({ type: 'object' })).toEqual([])
  })
})

describe('values', () => {
  const settings = { host: 'mail.example', port: 25, allowed: ['a', 'b'], headers: { x: 1 }, password: '••••' }

  it('comes back as it was, without the secret', () => {
    const values = startValues(fields, settings)
    expect(values.password).toBe('')
    expect(values.security).toBe('tls')
    expect(readValues(fields, values)).toEqual({
      ok: true,
      settings: {
        ...{ host: 'mail.example', port: 25, security: 'tls', reply_to: null, verify: true },
        ...{ allowed: ['a', 'b'], headers: { x: 1 } },
      },
    })
  })

  it('sends a secret only when one was typed', () => {
    const read = readValues(fields, { ...startValues(fields, settings), password: 'geheim' })
    expect(read.ok && read.settings.password).toBe('geheim')
  })

  it('says what is wrong, field by field', () => {
    const read = readValues(fields, { ...startValues(fields, settings), host: ' ', port: '70000', headers: '{' })
    expect(read).toEqual({
      ok: false,
      errors: { host: 'This is needed.', port: 'At most 65535.', headers: 'This is not valid JSON.' },
    })
  })
})
