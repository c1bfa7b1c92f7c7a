/** People in comments: `@Ada Admin` while writing, `@[usr…]` on the wire, so that a new name changes nothing. */
import type { User, UserId } from '../api/types'

const WIRE = /@\[(usr[0-9A-Za-z]{14})\]/g

export interface Piece {
  text: string
  user?: UserId
}

/** A text as it travels: the names of people become their ids, the longest name first. */
export function toWire(text: string, people: readonly User[]): string {
  const names = [...people].sort((a, b) => b.name.length - a.name.length)
  return names.reduce((done, person) => done.replaceAll(`@${person.name}`, `@[${person.id}]`), text)
}

/** A text as it is edited. */
export function fromWire(body: string, nameOf: (id: UserId) => string | undefined): string {
  return body.replace(WIRE, (_, id: UserId) => `@${nameOf(id) ?? 'somebody'}`)
}

/** A text in pieces: plain ones, and those that name a person. */
export function pieces(body: string, nameOf: (id: UserId) => string | undefined): Piece[] {
  const found: Piece[] = []
  let end = 0
  for (const match of body.matchAll(WIRE)) {
    if (match.index > end) found.push({ text: body.slice(end, match.index) })
    const user = match[1] ?? ''
    found.push({ text: `@${nameOf(user) ?? 'somebody'}`, user })
    end = match.index + match[0].length
  }
  if (end < body.length) found.push({ text: body.slice(end) })
  return found
}

/** The name being typed after an `@` before the caret; undefined when none is. */
export function typedName(text: string, caret: number): string | undefined {
  return /(?:^|[\s(])@([^\s@]{0,30}(?: [^\s@]{0,30})?)$/.exec(text.slice(0, caret))?.[1]
}

/** The people whose name, or a part of it, begins so. */
export function matching(people: readonly User[], typed: string): User[] {
  const wanted = typed.toLowerCase()
  return people
    .filter((person) => person.active)
    .filter(({ name }) => [name, ...name.split(/\s+/)].some((part) => part.toLowerCase().startsWith(wanted)))
    .slice(0, 6)
}

/** The text with the name being typed completed, and where the caret goes. */
export function complete(text: string, caret: number, person: User): { text: string; caret: number } {
  const typed = typedName(text, caret) ?? ''
  const start = caret - typed.length
  const rest = text.slice(caret)
  const filled = `${text.slice(0, start)}${person.name}${rest.startsWith(' ') ? '' : ' '}`
  return { text: filled + rest, caret: filled.length }
}
