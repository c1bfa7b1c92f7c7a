/** Reads the JSON Schema of a plugin's settings as a flat form, and the form's texts back as settings. Pure. */

export type Schema = Record<string, unknown>

export interface SchemaField {
  name: string
  title: string
  hint: string
  control: 'text' | 'area' | 'secret' | 'number' | 'switch' | 'choice' | 'list' | 'json'
  required: boolean
  /** May be left empty and then is null. */
  nullable: boolean
  whole: boolean
  min: number | null
  max: number | null
  choices: { value: string; label: string }[]
  fallback: unknown
}

/** What the form holds: a text for everything but switches. */
export type FormValues = Record<string, string | boolean>

const isRecord = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const asNumber = (value: unknown): number | null => (typeof value === 'number' ? value : null)

/** Follows `$ref` inside the schema, and takes the one real branch of "X or null". */
function resolve(schema: Schema, root: Schema): { schema: Schema; nullable: boolean } {
  const ref = schema.$ref
  if (typeof ref === 'string' && ref.startsWith('#/')) {
    let target: unknown = root
    for (const part of ref.slice(2).split('/')) target = isRecord(target) ? target[part] : undefined
    return resolve({ ...(isRecord(target) ? target : {}), ...schema, $ref: undefined }, root)
  }
  const branches = schema.anyOf ?? schema.oneOf ?? schema.allOf
  if (Array.isArray(branches)) {
    const real = branches.filter(isRecord).filter((branch) => branch.type !== 'null')
    const only = real[0]
    if (real.length === 1 && only) {
      const inner = resolve(only, root)
      const own = { ...schema, anyOf: undefined, oneOf: undefined, allOf: undefined }
      return {
        schema: { ...inner.schema, ...own, type: inner.schema.type },
        nullable: inner.nullable || real.length < branches.length,
      }
    }
  }
  return { schema, nullable: false }
}

function controlOf(schema: Schema): SchemaField['control'] {
  if (Array.isArray(schema.enum)) return 'choice'
  switch (schema.type) {
    case 'boolean':
      return 'switch'
    case 'integer':
    case 'number':
      return 'number'
    case 'array': {
      const items = schema.items
      return isRecord(items) && items.type === 'string' ? 'list' : 'json'
    }
    case 'string':
      if (schema.format === 'password' || schema.writeOnly === true) return 'secret'
      return schema.format === 'multiline' || Number(schema.maxLength) > 500 ? 'area' : 'text'
    default:
      return 'json'
  }
}

function titleOf(name: string, schema: Schema): string {
  if (typeof schema.title === 'string' && schema.title) return schema.title
  const words = name.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

export function readSchema(root: Schema | null): SchemaField[] {
  const properties = root?.properties
  if (!root || !isRecord(properties)) return []
  const required = Array.isArray(root.required) ? root.required : []
  return Object.entries(properties).flatMap(([name, given]): SchemaField[] => {
    if (!isRecord(given)) return []
    const { schema, nullable } = resolve(given, root)
    const values = Array.isArray(schema.enum) ? schema.enum : []
    return [
      {
        name,
        title: titleOf(name, given.title ? given : schema),
        hint: typeof schema.description === 'string' ? schema.description : '',
        control: controlOf(schema),
        required: required.includes(name),
        nullable,
        whole: schema.type === 'integer',
        min: asNumber(schema.minimum) ?? asNumber(schema.exclusiveMinimum),
        max: asNumber(schema.maximum) ?? asNumber(schema.exclusiveMaximum),
        choices: values.map((value) => ({ value: String(value), label: String(value).replaceAll('_', ' ') })),
        fallback: given.default ?? schema.default,
      },
    ]
  })
}

/** The texts to begin with. A secret never comes from the server: it begins empty, and empty means "as it is". */
export function startValues(fields: SchemaField[], settings: Record<string, unknown>): FormValues {
  return Object.fromEntries(
    fields.map((field) => {
      const value = settings[field.name] ?? field.fallback ?? null
      if (field.control === 'switch') return [field.name, value === true]
      if (field.control === 'secret' || value === null) return [field.name, '']
      if (field.control === 'list') return [field.name, Array.isArray(value) ? value.join('\n') : '']
      return [field.name, field.control === 'json' ? JSON.stringify(value, null, 2) : String(value)]
    }),
  )
}

export type Read = { ok: true; settings: Record<string, unknown> } | { ok: false; errors: Record<string, string> }

function readValue(field: SchemaField, text: string): unknown {
  if (field.control === 'list')
    return text
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean)
  if (text.trim() === '') {
    if (field.nullable) return null
    if (field.control === 'text' || field.control === 'area') return ''
    throw new Error('This is needed.')
  }
  if (field.control === 'number') return readNumber(field, text)
  if (field.control === 'json') {
    try {
      return JSON.parse(text)
    } catch {
      throw new Error('This is not valid JSON.')
    }
  }
  return text
}

function readNumber(field: SchemaField, text: string): number {
  const value = Number(text.replace(',', '.'))
  if (!Number.isFinite(value)) throw new Error('A number is needed here.')
  if (field.whole && !Number.isInteger(value)) throw new Error('A whole number is needed here.')
  if (field.min !== null && value < field.min) throw new Error(`At least ${field.min}.`)
  if (field.max !== null && value > field.max) throw new Error(`At most ${field.max}.`)
  return value
}

/** The settings behind the texts, or what is wrong by field. An untouched secret is left out. */
export function readValues(fields: SchemaField[], values: FormValues): Read {
  const settings: Record<string, unknown> = {}
  const errors: Record<string, string> = {}
  for (const field of fields) {
    const value = values[field.name]
    if (typeof value === 'boolean') settings[field.name] = value
    else if (field.control !== 'secret' || value) {
      try {
        const read = readValue(field, value ?? '')
        if (field.required && (read === '' || read === null)) throw new Error('This is needed.')
        settings[field.name] = read
      } catch (error) {
        errors[field.name] = error instanceof Error ? error.message : String(error)
      }
    }
  }
  return Object.keys(errors).length > 0 ? { ok: false, errors } : { ok: true, settings }
}
