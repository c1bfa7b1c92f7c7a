import { EMPTY, type Kind, refuse, value } from './kind'

const asText = (cell: unknown): string => (cell === null || cell === undefined ? '' : String(cell))

/** One line: line breaks pasted from elsewhere become spaces. */
export const text: Kind = {
  shape: 'text',
  align: 'left',
  writable: true,
  format: (cell) => asText(cell),
  edit: (cell) => asText(cell),
  parse: (typed) => {
    const line = typed.replace(/\s*[\r\n]+\s*/g, ' ').trim()
    return line === '' ? EMPTY : value(line)
  },
}

/** Several lines, kept as typed. */
export const longText: Kind = {
  shape: 'long',
  align: 'left',
  writable: true,
  format: (cell) => asText(cell),
  edit: (cell) => asText(cell),
  parse: (typed) => (typed.trim() === '' ? EMPTY : value(typed.replace(/\r\n?/g, '\n'))),
}

export const email: Kind = {
  ...text,
  shape: 'address',
  parse: (typed) => {
    const address = typed.trim().replace(/^mailto:/i, '')
    if (address === '') return EMPTY
    if (!/^[^\s@<>]+@[^\s@<>]+\.[^\s@<>.]{2,}$/.test(address)) {
      return refuse(`“${address}” is not an e-mail address. Write it like name@example.com.`)
    }
    return value(address)
  },
}

export const phone: Kind = {
  ...text,
  shape: 'address',
  parse: (typed) => {
    const number = typed.trim().replace(/^tel:/i, '')
    if (number === '') return EMPTY
    const digits = number.replace(/\D/g, '').length
    if (digits < 3 || /[^\d\s()+\-./a-z#*,;]/i.test(number)) {
      return refuse(`“${number}” is not a phone number. Write it like +44 20 7946 0000.`)
    }
    return value(number)
  },
}

/** A web address; `example.com` is taken as https. */
export const url: Kind = {
  ...text,
  shape: 'address',
  parse: (typed) => {
    const address = typed.trim()
    if (address === '') return EMPTY
    if (/\s/.test(address) || !URL.canParse(href(address)) || !/[.:]/.test(address)) {
      return refuse(`“${address}” is not a web address. Write it like https://example.com.`)
    }
    return value(address)
  },
}

/** Where a click on an address leads, or undefined when it is no safe address. */
export function target(kind: string, address: string): string | undefined {
  if (kind === 'email') return `mailto:${address}`
  if (kind === 'phone') return `tel:${address.replace(/[^\d+*#]/g, '')}`
  const full = href(address)
  if (!URL.canParse(full)) return undefined
  const { protocol } = new URL(full)
  return protocol === 'http:' || protocol === 'https:' ? full : undefined
}

function href(address: string): string {
  return /^[a-z][a-z\d+.-]*:/i.test(address) ? address : `https://${address}`
}
