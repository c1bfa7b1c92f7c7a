import type { Choice, Field } from '../../api/types'
import type { Cell } from '../../store/cells'
import { EMPTY, type Kind, option, refuse, value } from './kind'

export function choicesOf(field: Field): readonly Choice[] {
  return option<readonly Choice[]>(field, 'choices', [])
}

const same = (a: string, b: string): boolean => a.trim().toLowerCase() === b.trim().toLowerCase()

export function choiceNamed(field: Field, name: string): Choice | undefined {
  const all = choicesOf(field)
  return all.find((choice) => choice.name === name || choice.id === name) ?? all.find((one) => same(one.name, name))
}

function nameOf(field: Field, id: string): string {
  return choicesOf(field).find((choice) => choice.id === id)?.name ?? id
}

export const singleSelect: Kind = {
  shape: 'pills',
  align: 'left',
  writable: true,
  format: (cell, { field }) => (typeof cell === 'string' ? nameOf(field, cell) : ''),
  edit: () => '',
  parse: (typed, { field }) => {
    const name = typed.trim()
    if (name === '') return EMPTY
    const found = choiceNamed(field, name)
    return found ? value(found.id) : refuse(`“${name}” is not an option of ${field.name}.`, [name])
  },
}

export const multiSelect: Kind = {
  shape: 'pills',
  align: 'left',
  writable: true,
  format: (cell, { field }) =>
    listOf(cell)
      .map((id) => quoted(nameOf(field, id)))
      .join(', '),
  edit: () => '',
  parse: (typed, { field }) => {
    const names = splitNames(typed)
    if (names.length === 0) return EMPTY
    const unknown = names.filter((name) => !choiceNamed(field, name))
    if (unknown.length > 0) {
      return refuse(`${unknown.map((name) => `“${name}”`).join(', ')}: no such option in ${field.name}.`, unknown)
    }
    return value([...new Set(names.map((name) => choiceNamed(field, name)?.id ?? name))])
  },
}

export function listOf(cell: Cell): readonly string[] {
  if (Array.isArray(cell)) return cell.filter((item) => typeof item === 'string')
  return typeof cell === 'string' ? [cell] : []
}

/** A name with a comma is quoted in a list, so that pasting it back gives one name. */
function quoted(name: string): string {
  return /[,"\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name
}

/** Splits `a, "b, c"` and lines into names. */
export function splitNames(typed: string): string[] {
  const names: string[] = []
  for (const match of typed.matchAll(/\s*(?:"((?:[^"]|"")*)"|([^,;\n]+))\s*(?:[,;\n]|$)/g)) {
    const name = (match[1]?.replaceAll('""', '"') ?? match[2] ?? '').trim()
    if (name !== '') names.push(name)
  }
  return names
}

export { quoted as quotedName }
