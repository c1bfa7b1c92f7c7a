/** Copy, cut and paste by the browser's own clipboard events: no permission is asked, and all spreadsheets understand. */
import { type ClipboardEvent, useMemo } from 'react'
import { explain } from '../api/client'
import type { Cells, Op } from '../api/types'
import { toast } from '../shell/toasts'
import { updateOp } from '../store/ops'
import type { Done } from '../store/saveQueue'
import { announce } from './announce'
import { type Copied, complete, copyRanges, MOST_CELLS, MOST_ROWS } from './clipboard/copy'
import { withoutStyles } from './clipboard/html'
import { type PastePlan, planPaste, readClipboard, targetsOf } from './clipboard/paste'
import { type Resolved, resolveNames } from './clipboard/resolve'
import type { GridModel } from './model'
import { countCells, NOTHING, type Range } from './selection'
import type { GridControl } from './useGridControl'

/** More cells than this are not pasted at once; from `LARGE` on a paste says that it is on its way. */
const MOST_PASTED = 500_000
const LARGE = 5000

export interface Clipboard {
  readonly copy: (event: ClipboardEvent) => void
  readonly cut: (event: ClipboardEvent) => void
  readonly paste: (event: ClipboardEvent) => void
  /** Copies by the menu, where there is no clipboard event. */
  readonly copyNow: () => void
}

export function useClipboard(model: GridModel, control: GridControl): Clipboard {
  const { selected, selectionNow, clear, select, surface } = control
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
      const chosen = selected()
      if (!cells || cells.length === 0) return
      const targets = targetsOf(cells, chosen.length > 0 ? chosen : atTheEnd())
      if (targets.length === 0) return
      const size = targets.reduce((sum, range) => sum + range.rows * range.cols, 0)
      if (size > MOST_PASTED || targets.some((range) => range.rows > MOST_ROWS)) {
        const most = `At most ${MOST_ROWS.toLocaleString('en-US')} rows at once; larger files go through Import.`
        toast({ text: 'That is too much to paste', detail: most, tone: 'danger' })
        return
      }
      const done = size > LARGE ? sayBusy(model, size) : undefined
      try {
        for (const { row, rows } of targets) {
          if (row < model.total) await model.ensure(row, Math.min(row + rows, model.total) - 1)
        }
        // Planning so much takes a moment: the message is to be seen first.
        if (done) await new Promise((resolve) => setTimeout(resolve, 30))
        const plan = planPaste(model, cells, targets)
        const resolved = await resolveNames(model, plan)
        apply(model, plan, resolved, done)
        selectPasted(plan.targets)
      } catch (error) {
        done?.()
        throw error
      }
    }
    /** The row that adds records is no record yet: what is pasted there makes some. */
    const atTheEnd = (): Range[] => {
      const { cell } = selectionNow()
      return cell && cell[1] >= model.total ? [{ col: cell[0], row: model.total, cols: 1, rows: 1 }] : []
    }
    const selectPasted = ([first, ...more]: readonly Range[]): void => {
      if (!first) return
      const range = { ...first, cols: Math.min(first.cols, model.setting.fields.length - first.col) }
      select({ ...NOTHING, cell: [first.col, first.row], range, more })
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
  }, [model, selected, selectionNow, clear, select, surface])
}

/** Clipboard events of inputs (search, dialogs) are none of ours. */
function onGrid(event: ClipboardEvent): boolean {
  return !(event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement)
}

/** Whether everything to copy is here; if not, it is read and put on the clipboard then, where the browser lets us. */
function ready(model: GridModel, chosen: readonly Range[]): boolean {
  if (countCells(chosen) > MOST_CELLS || chosen.some((range) => range.rows > MOST_ROWS)) {
    const most = `At most ${MOST_ROWS.toLocaleString('en-US')} rows at once; use Export for whole tables.`
    toast({ text: 'That is too much to copy', detail: most, tone: 'danger' })
    return false
  }
  if (complete(model, chosen)) return true
  void copyLater(model, chosen)
  return false
}

/** Reads what is missing first. The browser is told at once that something comes, or it would not take it any more. */
async function copyLater(model: GridModel, chosen: readonly Range[]): Promise<void> {
  const read = async () => {
    await model.ensureAll(chosen)
    if (!complete(model, chosen)) throw new Error('Some of the rows could not be read.')
    return copyRanges(model, chosen)
  }
  const copied = read()
  const as = (type: string, pick: (all: Copied) => string) => copied.then((all) => new Blob([pick(all)], { type }))
  try {
    const item = new ClipboardItem({
      'text/plain': as('text/plain', (all) => all.text),
      // The browser looks such a page over as if it were shown here, where no styles of its own are allowed.
      'text/html': as('text/html', (all) => withoutStyles(all.html)),
    })
    await navigator.clipboard.write([item])
    const { cells } = await copied
    toast({ text: `${cells.toLocaleString('en-US')} cells copied` })
  } catch {
    const here = await copied.then(
      () => true,
      () => false,
    )
    // Without a secure address the browser takes text only while a key is pressed.
    if (here) toast({ text: 'The rows are loaded: press Ctrl+C again to copy them' })
    else toast({ text: 'Nothing was copied', detail: 'Some of the rows could not be read.', tone: 'danger' })
  }
}

/** Says that a large paste is on its way, until it is saved. */
function sayBusy(model: GridModel, cells: number): () => void {
  const text = `Pasting ${cells.toLocaleString('en-US')} cells…`
  return toast({ text, detail: `Into ${model.setting.table.name}. You can go on working.`, duration: 0 })
}

/** One change set for all of it: new options, changed cells, new rows. */
function apply(model: GridModel, plan: PastePlan, { ops, edits, added, missed }: Resolved, saved?: () => void): void {
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
  const tells = () => tell(model, plan, missed, count + extra.length, done)
  const done = count + extra.length > 0 ? model.workspace.undoStack.last?.done : undefined
  if (!saved) tells()
  else
    void whenSaved(model).then(() => {
      saved()
      // Refused, it has got no version, and was spoken of already.
      if (!done || done.version !== undefined) tells()
    })
}

/** Resolves when nothing is on its way to the server any more. */
function whenSaved(model: GridModel): Promise<void> {
  const { workspace } = model
  return new Promise((resolve) => {
    const look = (): void => {
      if (workspace.queue.state.kind !== 'saved') return
      stop()
      resolve()
    }
    const stop = workspace.subscribe(look)
    look()
  })
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null)

/** Blank lines at the foot of a copied sheet make no records. */
function trimmed(rows: readonly Cells[]): Cells[] {
  let end = rows.length
  while (end > 0 && Object.values(rows[end - 1] ?? {}).every((value) => value === null)) end -= 1
  return rows.slice(0, end)
}

function tell(model: GridModel, plan: PastePlan, missed: readonly string[], count: number, done?: Done): void {
  const left = plan.troubles.length + missed.length
  const undo = done && { action: { label: 'Undo', run: () => model.workspace.undoOne(done) } }
  if (left > 0) {
    const [first] = plan.troubles
    const where = first ? `Row ${first.row + 1}, ${model.field(first.col)?.name ?? ''}: ${first.message}` : undefined
    toast({
      text: `${left} ${left === 1 ? 'cell was' : 'cells were'} left as ${left === 1 ? 'it was' : 'they were'}`,
      detail: where ?? `No record is called ${missed.slice(0, 3).join(', ')}.`,
      tone: 'danger',
      ...undo,
    })
  } else if (count > 1) toast({ text: `Pasted ${count.toLocaleString('en-US')} changes`, ...undo })
}
