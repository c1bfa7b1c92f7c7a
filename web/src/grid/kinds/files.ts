import type { AttachedFile } from '../../api/types'
import type { Cell } from '../../store/cells'
import { quotedName } from './choices'
import { EMPTY, type Kind, refuse } from './kind'

/** The files of a cell; none for any other value. */
export function filesOf(cell: Cell): readonly AttachedFile[] {
  if (!Array.isArray(cell)) return []
  return (cell as (string | AttachedFile)[]).filter((item): item is AttachedFile => typeof item === 'object')
}

/** Files have no text that could be typed: they are dropped, picked, or pasted as files. */
export const attachment: Kind = {
  shape: 'files',
  align: 'left',
  writable: true,
  format: (cell) =>
    filesOf(cell)
      .map(({ name }) => quotedName(name))
      .join(', '),
  edit: () => '',
  parse: (typed, { field }) =>
    typed.trim() === ''
      ? EMPTY
      : refuse(`${field.name} holds files. Drop them onto the cell, or press Enter to pick some.`),
}

/** Where the browser gets a file; `download` has it kept instead of shown. */
export function fileUrl({ hash, name }: Pick<AttachedFile, 'hash' | 'name'>, download = false): string {
  return `/api/attachments/${hash}/${encodeURIComponent(name)}${download ? '?download=true' : ''}`
}

export const isPicture = ({ type }: Pick<AttachedFile, 'type'>): boolean =>
  ['image/png', 'image/jpeg', 'image/gif', 'image/webp'].includes(type)

export const isPdf = ({ type }: Pick<AttachedFile, 'type'>): boolean => type === 'application/pdf'

/** A file's size for people: “1.4 MB”. */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  const units = ['kB', 'MB', 'GB', 'TB']
  let size = bytes / 1000
  let unit = 0
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000
    unit += 1
  }
  return `${size < 10 ? size.toFixed(1) : Math.round(size)} ${units[unit]}`
}

/** What stands on the tile of a file that is no picture: its ending, at most four letters. */
export function endingOf(name: string): string {
  const ending = name.includes('.') ? (name.split('.').at(-1) ?? '') : ''
  return /^[a-z0-9]{1,4}$/i.test(ending) ? ending.toUpperCase() : 'FILE'
}
