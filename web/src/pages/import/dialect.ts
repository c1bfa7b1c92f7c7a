/** The detected form of a file, in words. */
import type { ImportRun } from '../../api/types'

const DELIMITERS: Record<string, string> = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'pipe' }
const NEWLINES: Record<string, string> = { crlf: 'Windows line ends', lf: 'Unix line ends', cr: 'old Mac line ends' }

export function describeDialect(dialect: ImportRun['dialect']): string {
  const parts = [
    dialect.encoding?.toUpperCase().replace(/^UTF-8-SIG$/, 'UTF-8'),
    dialect.bom ? 'byte order mark' : '',
    dialect.delimiter ? `${DELIMITERS[dialect.delimiter] ?? `“${dialect.delimiter}”`} separated` : '',
    dialect.newline ? (NEWLINES[dialect.newline] ?? dialect.newline) : '',
  ]
  return parts.filter(Boolean).join(', ')
}
