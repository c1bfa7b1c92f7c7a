/** Spreadsheet text: tabs between cells, line breaks between rows, quotes around cells that hold either. */

export function writeTsv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => row.map(quote).join('\t')).join('\n')
}

function quote(cell: string): string {
  return /[\t\n\r"]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}

/**
 * Reads spreadsheet text with LF, CRLF or CR, and quoted cells that span lines.
 * A quote inside an unquoted cell is an ordinary character, as Excel and Sheets treat it.
 * The line break that ends the last row opens no further row.
 */
export function readTsv(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  let cell = ''
  let at = 0
  while (at < text.length) {
    const sign = text[at]
    if (sign === '"' && cell === '') {
      const end = closingQuote(text, at)
      if (end !== undefined) {
        cell = text
          .slice(at + 1, end)
          .replaceAll('""', '"')
          .replace(/\r\n?/g, '\n')
        at = end + 1
        continue
      }
    }
    if (sign === '\t') {
      row.push(cell)
      cell = ''
    } else if (sign === '\n' || sign === '\r') {
      if (sign === '\r' && text[at + 1] === '\n') at += 1
      row.push(cell)
      rows.push(row)
      row = []
      cell = ''
    } else {
      cell += sign
    }
    at += 1
  }
  if (cell !== '' || row.length > 0 || rows.length === 0) {
    row.push(cell)
    rows.push(row)
  }
  return rows
}

/** Where a quoted cell ends, or undefined when what follows shows that the quote was no opening one. */
function closingQuote(text: string, start: number): number | undefined {
  let at = start + 1
  while (at < text.length) {
    if (text[at] === '"') {
      if (text[at + 1] !== '"') {
        const next = text[at + 1]
        return next === undefined || next === '\t' || next === '\n' || next === '\r' ? at : undefined
      }
      at += 1
    }
    at += 1
  }
  return undefined
}
