/** Copy, cut and paste by the browser's own clipboard events: no permission is asked, and all spreadsheets understand. */
import { type ClipboardEvent, useMemo } from 'react'
import { explain } from '../api/client'
import type { Cells, Op } from '../api/types'
import { toast } from '../shell/toasts'
import { updateOp } from '../store/ops'
import { announce } from './announce'
import { complete, copyRanges, MOST_CELLS } from './clipboard/copy'
import { type PastePlan, planPaste, readClipboard } from './clipboard/paste'
import { type Resolved, resolveNames } from './clipboard/resolve'
import type { GridModel } from './model'
import { countCells, NOTHING, type Range } from './selection'
import type { GridControl } from './useGridControl'

export interface Clipboard {
  readonly copy: (event: ClipboardEvent) => void
  readonly cut: (event: ClipboardEvent) => void
  readonly paste: (event: ClipboardEvent) => void
  /** Copies by the menu, where there is no clipboard event. */
  readonly copyNow: () => void
}

export function useClipboard(model: GridModel, control: GridControl): Clipboard {
  const { selected, clear, select, surface } = control
  return useMemo(() => {
    const copyInto = (event: { preventDefault(): void; clipboardData: DataTransfer | null }): boolean => {
      const chosen = selected()
      if (chosen.length === 0) return false
      event.preventDefault()
      if (!ready(model, chosen)) return false
      const { text, html, cells } = copyRanges(model, chosen)
      event.clipboardData?.setData('text/plain', text)
      event.clipboardData?.setData('text/html', html)
      announce(`${cells} cells copied`)
      return true
    }
    const copy = (event: ClipboardEvent): boolean => onGrid(event) && copyInto(event)
    const paste = async (html: string, text: string): Promise<void> => {
      const cells = readClipboard(html, text)
      const [at] = selected()
      if (!cells || cells.length === 0 || !at) return
      const last = at.row + Math.max(at.rows, cells.length) - 1
      if (at.row < model.total) await model.ensure(at.row, Math.min(last, model.total - 1))
      const plan = planPaste(model, cells, at)
      const resolved = await resolveNames(model, plan)
      apply(model, plan, resolved)
      select({
        ...NOTHING,
        cell: [plan.target.col, plan.target.row],
        range: { ...plan.target, cols: Math.min(plan.target.cols, model.setting.fields.length - plan.target.col) },
      })
      surface.current?.focus()
    }
    return {
      copy,
      cut: (event) => {
        if (copy(event)) clear()
      },
      paste: (event) => {
        if (!onGrid(event)) return
        event.preventDefault()
        const { clipboardData } = event
        paste(clipboardData.getData('text/html'), clipboardData.getData('text/plain')).catch((error: unknown) =>
          toast({ text: 'The paste did not work', detail: explain(error), tone: 'danger' }),
        )
      },
      copyNow: () => {
        const put = (event: globalThis.ClipboardEvent) => {
          event.stopPropagation()
          copyInto(event)
        }
        document.addEventListener('copy', put, { capture: true, once: true })
        const done = document.execCommand('copy')
        document.removeEventListener('copy', put, { capture: true })
        if (!done) toast({ text: 'The browser does not let the menu copy', detail: 'Press Ctrl+C instead.' })
      },
    }
  }, [model, selected, clear, select, surface])
}

/** Clipboard events of inputs (search, dialogs) are none of ours. */
function onGrid(event: ClipboardEvent): boolean {
  return !(event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement)
}

/** Whether everything to copy is here; if not, it is read, and the person is asked to press again. */
function ready(model: GridModel, chosen: readonly Range[]): boolean {
  if (countCells(chosen) > MOST_CELLS) {
    toast({ text: 'That is too much to copy', detail: 'Use Export for whole tables.', tone: 'danger' })
    return false
  }
  if (complete(model, chosen)) return true
  const reading = chosen.map((range) => model.ensure(range.row, range.row + range.rows - 1))
  void Promise.all(reading).then(() => {
    if (complete(model, chosen)) toast({ text: 'The rows are loaded: press Ctrl+C again to copy them' })
    else toast({ text: 'That is too much to copy', detail: 'Use Export for whole tables.', tone: 'danger' })
  })
  return false
}

/** One change set for all of it: new options, changed cells, new rows. */
function apply(model: GridModel, plan: PastePlan, { ops, edits, added, missed }: Resolved): void {
  const { table } = model.setting
  const changed = edits.filter(([record, field, value]) => !same(model.rows.cellOf(record, field), value))
  const update: Op[] = changed.length > 0 ? [updateOp(table.id, changed)] : []
  const extra = trimmed(added)
  const label = `Paste ${changed.length + extra.length > 1 ? 'cells' : 'a cell'}`
  if (extra.length > 0)
    model.workspace.create(table.id, extra, { row: model.rows.total ?? 0 }, label, [...ops, ...update])
  else if (ops.length + update.length > 0) model.workspace.send([...ops, ...update], label)
  const count = changed.length
  announce(`${count} cells pasted`)
  tell(model, plan, missed, count + extra.length)
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null)

/** Blank lines at the foot of a copied sheet make no records. */
function trimmed(rows: readonly Cells[]): Cells[] {
  let end = rows.length
  while (end > 0 && Object.values(rows[end - 1] ?? {}).every((value) => value === null)) end -= 1
  return rows.slice(0, end)
}

function tell(model: GridModel, plan: PastePlan, missed: readonly string[], count: number): void {
  const left = plan.troubles.length + missed.length
  const undo = { label: 'Undo', run: () => void model.workspace.undo() }
  if (left > 0) {
    const [first] = plan.troubles
    const where = first ? `Row ${first.row + 1}, ${model.field(first.col)?.name ?? ''}: ${first.message}` : undefined
    toast({
      text: `${left} ${left === 1 ? 'cell was' : 'cells were'} left as ${left === 1 ? 'it was' : 'they were'}`,
      detail: where ?? `No record is called ${missed.slice(0, 3).join(', ')}.`,
      tone: 'danger',
      ...(count > 0 ? { action: undo } : {}),
    })
  } else if (count > 1) toast({ text: `Pasted ${count.toLocaleString('en-US')} changes`, action: undo })
}
