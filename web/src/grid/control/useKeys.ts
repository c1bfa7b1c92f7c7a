/** Runs what a key asks for while no editor is open. */
import { type RefObject, useCallback } from 'react'
import type { Cell } from '../../store/cells'
import { announce } from '../announce'
import { openFind, openToolbarMenu } from '../find'
import { type Command, commandFor, type Press } from '../keymap'
import { canWrite, kindOf } from '../kinds'
import { isComputed } from '../kinds/computed'
import type { GridModel } from '../model'
import { atCell, NOTHING } from '../selection'
import type { SurfaceRef } from '../surface/types'
import type { EditingControl } from './useEditing'
import type { RowActions } from './useRowActions'
import type { SelectionControl } from './useSelection'

interface Parts {
  readonly model: GridModel
  readonly surface: RefObject<SurfaceRef | null>
  readonly selecting: SelectionControl
  readonly edits: EditingControl
  readonly actions: RowActions
}

export function useKeys({ model, surface, selecting, edits, actions }: Parts): (press: Press) => boolean {
  return useCallback(
    (press: Press): boolean => {
      const { cell } = selecting.selectionNow()
      // The first column stands still: going there says nothing to the surface about the columns beside it.
      if (press.key === 'Home' && cell) surface.current?.scrollTo(1, press.ctrl || press.meta ? 0 : cell[1])
      const field = cell && model.field(cell[0])
      const command = commandFor(press, {
        writable: field !== undefined && canWrite(field),
        ...(field ? { shape: kindOf(field).shape, computed: isComputed(field) } : {}),
      })
      if (!command) return false
      const parts = { model, surface, selecting, edits, actions }
      return onPage(command, parts) ?? (cell !== undefined && onCell(command, parts, cell[0], cell[1]))
    },
    [model, surface, selecting, edits, actions],
  )
}

/** Commands that need no cell; undefined for all others. */
function onPage(command: Command, { model, selecting, actions }: Parts): boolean | undefined {
  switch (command.do) {
    case 'undo':
    case 'redo': {
      const label = command.do === 'undo' ? model.workspace.undo() : model.workspace.redo()
      announce(label ? `${command.do === 'undo' ? 'Undone' : 'Redone'}: ${label}` : `Nothing to ${command.do}`)
      return true
    }
    case 'find':
      openFind()
      return true
    case 'deselect': {
      const { rows, columns, more, cell } = selecting.selectionNow()
      if (rows.length + columns.length + more.length === 0) return false
      selecting.select(cell ? atCell(...cell) : NOTHING)
      return true
    }
    case 'clear':
      actions.clear()
      return true
    case 'sortMenu':
    case 'filterMenu':
    case 'groupMenu':
      return openToolbarMenu(command.do)
  }
  return undefined
}

function onCell(command: Command, { model, selecting, edits, actions }: Parts, col: number, row: number): boolean {
  const field = model.field(col)
  if (!field) return false
  const kind = model.row(row)?.kind
  if (kind && kind !== 'record') return onMark(command, kind, actions, row)
  const write = (value: Cell) => model.writeAt(col, row, value, `Edit ${field.name}`)
  switch (command.do) {
    case 'type':
      if (row >= model.total) actions.append()
      edits.open(...(selecting.selectionNow().cell ?? [col, row]), command.text)
      return true
    case 'compose':
      edits.open(col, row, '')
      return edits.isEditing()
    case 'edit':
      if (row >= model.total) actions.append()
      else if (!canWrite(field) && !isComputed(field)) actions.expand(row)
      else edits.open(col, row, undefined)
      return true
    case 'expandCell':
      edits.open(col, row, undefined, true)
      return true
    case 'fold':
      actions.fold(row, true)
      return true
    case 'toggle':
      write(model.value(col, row) === true ? null : true)
      return true
    case 'rate': {
      const digit = Math.min(command.digit, field.options.max ?? 5)
      write(digit === 0 ? null : digit)
      return true
    }
    case 'expand':
      actions.expand(row)
      return true
    case 'insertBelow':
      actions.insertBelow(row)
      return true
    case 'now':
      if (field.kind === 'date' || field.kind === 'date_time') {
        const parsed = kindOf(field).parse('now', model.context(field))
        if (parsed.ok) write(parsed.value)
      }
      return true
    case 'fillDown':
      actions.fillSelectionDown()
      return true
  }
  return false
}

/** Keys on a folded group's head and on the row that adds a record. */
function onMark(command: Command, kind: 'group' | 'add', actions: RowActions, row: number): boolean {
  if (kind === 'group') {
    if (!['edit', 'expand', 'unfold', 'toggle'].includes(command.do)) return command.do === 'type'
    actions.fold(row, false)
    return true
  }
  if (command.do === 'fold') actions.fold(row, true)
  else if (['edit', 'type', 'insertBelow', 'expand'].includes(command.do)) actions.insertBelow(row)
  else return false
  return true
}
