import type { User } from '../../api/types'
import { listOf, quotedName, splitNames } from './choices'
import { EMPTY, type Kind, refuse, value } from './kind'

function userNamed(users: readonly User[], typed: string): User | undefined {
  const word = typed.trim().toLowerCase()
  return users.find(
    (user) => user.id === typed || user.email.toLowerCase() === word || user.name.toLowerCase() === word,
  )
}

export const user: Kind = {
  shape: 'user',
  align: 'left',
  writable: true,
  format: (cell, { users }) =>
    typeof cell === 'string' ? (users.find((one) => one.id === cell)?.name ?? 'Former user') : '',
  edit: () => '',
  parse: (typed, { users }) => {
    if (typed.trim() === '') return EMPTY
    const found = userNamed(users, typed)
    return found ? value(found.id) : refuse(`Nobody here is called “${typed.trim()}”. Pick a person from the list.`)
  },
}

export const byUser: Kind = { ...user, writable: false }

const RECORD_ID = /^rec[0-9A-Za-z]{14}$/

/** A list of records of another table, by id; names that are not ids are for the caller to look up. */
export const link: Kind = {
  shape: 'chips',
  align: 'left',
  writable: true,
  format: (cell, { nameOf }) =>
    listOf(cell)
      .map((id) => quotedName(nameOf(id) ?? 'Unnamed record'))
      .join(', '),
  edit: () => '',
  parse: (typed, { field }) => {
    const names = splitNames(typed)
    if (names.length === 0) return EMPTY
    if (names.every((name) => RECORD_ID.test(name))) return value(names)
    return refuse(`No record called ${names.map((name) => `“${name}”`).join(', ')} for ${field.name}.`, names)
  },
}
