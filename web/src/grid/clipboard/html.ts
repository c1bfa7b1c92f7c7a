import type { Cell } from '../../store/cells'

/** One pasted cell: its text and, when it was copied from this grid, its kind and exact value. */
export interface ClipCell {
  readonly text: string
  readonly exact?: { readonly kind: string; readonly value: Cell }
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => escapes[sign] ?? sign)

/** A table other programs read as cells; the exact values ride along for pasting back into this grid. */
export function writeHtml(rows: readonly (readonly ClipCell[])[]): string {
  const body = rows.map((row) => `<tr>${row.map(cellHtml).join('')}</tr>`).join('')
  return `<table data-venture-crm="1"><tbody>${body}</tbody></table>`
}

function cellHtml({ text, exact }: ClipCell): string {
  const marks = exact ? ` data-kind="${escaped(exact.kind)}" data-value="${escaped(JSON.stringify(exact.value))}"` : ''
  return `<td${marks} style="white-space:pre-wrap">${escaped(text).replaceAll('\n', '<br>')}</td>`
}

/** Reads the first table of an HTML clipboard (Excel, Sheets, this grid); undefined when there is none. */
export function readHtml(html: string): ClipCell[][] | undefined {
  const parsed = new DOMParser().parseFromString(withoutStyles(html), 'text/html')
  const table = parsed.querySelector('table')
  if (!table) return undefined
  const ours = table.hasAttribute('data-venture-crm')
  const rows: ClipCell[][] = []
  const hanging = new Map<number, number>()
  for (const row of table.rows) {
    const cells: ClipCell[] = []
    const under = new Map(hanging)
    hanging.clear()
    const skipCovered = (): void => {
      for (let left = under.get(cells.length); left !== undefined; left = under.get(cells.length)) {
        if (left > 1) hanging.set(cells.length, left - 1)
        cells.push({ text: '' })
      }
    }
    for (const cell of row.cells) {
      skipCovered()
      for (let span = 0; span < Math.min(cell.colSpan, 1000); span += 1) {
        if (cell.rowSpan > 1) hanging.set(cells.length, cell.rowSpan - 1)
        cells.push(span === 0 ? readCell(cell, ours) : { text: '' })
      }
    }
    skipCovered()
    rows.push(cells)
  }
  return rows.length > 0 ? rows : undefined
}

/** Styles of other programs are not applied here, and the content security policy would complain about each of them. */
export function withoutStyles(html: string): string {
  return html
    .replace(/<style[\s>][\s\S]*?<\/style\s*>/gi, '')
    .replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/\sstyle\s*=/gi, ' data-style='))
}

function readCell(cell: HTMLTableCellElement, ours: boolean): ClipCell {
  const text = cellText(cell)
  const { kind, value } = cell.dataset
  if (!ours || kind === undefined || value === undefined) return { text }
  try {
    return { text, exact: { kind, value: JSON.parse(value) as Cell } }
  } catch {
    return { text }
  }
}

/** The text of a cell with its line breaks; white space folds as a browser shows it, unless it is marked to stay. */
function cellText(cell: HTMLTableCellElement): string {
  let text = ''
  const kept = /white-space:\s*pre/i.test(cell.dataset.style ?? '')
  const walk = (node: Node): void => {
    if (node.nodeType === Node.TEXT_NODE) {
      const content = node.textContent ?? ''
      text += kept ? content : content.replace(/[\t\n\r ]+/g, ' ')
      return
    }
    if (!(node instanceof Element) && node.nodeType !== Node.ELEMENT_NODE) return
    const tag = (node as Element).tagName.toLowerCase()
    if (tag === 'br') text += '\n'
    if ((tag === 'p' || tag === 'div') && text !== '' && !text.endsWith('\n')) text += '\n'
    for (const child of node.childNodes) walk(child)
  }
  for (const child of cell.childNodes) walk(child)
  return kept ? text : text.replace(/ *\n */g, '\n').trim()
}
