/** Runs what a key asks for while no editor is open. */
import { type RefObject, useCallback, useMemo } from 'react'
import type { Cell } from '../../store/cells'
import { announce } from '../announce'
import { openFind, openToolbarMenu } from '../find'
import { type Command, commandFor, type Press } from '../keymap'
import { canWrite, kindOf } from '../kinds'
import { isComputed } from '../kinds/computed'
import type { GridModel } from '../model'
import { atCell, NOTHING } from '../selection'
import type { Region, SurfaceRef } from '../surface/types'
import type { EditingControl } from './useEditing'
import type { MovingControl } from './useMoving'
import type { RowActions } from './useRowActions'
import type { SelectionControl } from './useSelection'

interface Parts {
  readonly model: GridModel
  readonly surface: RefObject<SurfaceRef | null>
  readonly selecting: SelectionControl
  readonly edits: EditingControl
  readonly actions: RowActions
  readonly moving: MovingControl
  readonly shown: RefObject<Region>
}

export interface KeyControl {
  readonly key: (press: Press) => boolean
  readonly run: (command: Command) => boolean
}

export function useKeys({ model, surface, selecting, edits, actions, moving, shown }: Parts): KeyControl {
  const run = useCallback(
    (command: Command): boolean => {
      const { cell } = selecting.selectionNow()
      const parts = { model, surface, selecting, edits, actions, moving, shown }
      return onPage(command, parts) ?? (cell !== undefined && onCell(command, parts, cell[0], cell[1]))
    },
    [model, surface, selecting, edits, actions, moving, shown],
  )
  const key = useCallback(
    (press: Press): boolean => {
      const { cell } = selecting.selectionNow()
      // The first column stands still: going there says nothing to the surface about the columns beside it.
      if (press.key === 'Home' && cell) surface.current?.scrollTo(1, press.ctrl || press.meta ? 0 : cell[1])
      const field = cell && model.field(cell[0])
      const command = commandFor(press, {
        writable: field !== undefined && canWrite(field),
        ...(field ? { shape: kindOf(field).shape, computed: isComputed(field) } : {}),
      })
      return command !== undefined && run(command)
    },
    [model, surface, selecting, run],
  )
  return useMemo(() => ({ key, run }), [key, run])
}

/** Commands that need no cell; undefined for all others. */
function onPage(command: Command, { model, surface, selecting, actions }: Parts): boolean | undefined {
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
      const { rows, columns, more, cell, range } = selecting.selectionNow()
      const wide = range !== undefined && range.rows * range.cols > 1
      if (rows.length + columns.length + more.length === 0 && !wide) return false
      selecting.select(cell ? atCell(...cell) : NOTHING)
      return true
    }
    case 'clear':
      actions.clear()
      return true
    case 'lastCell': {
      const [col, row] = [model.setting.fields.length - 1, model.nearest(model.total - 1, -1)]
      if (row === undefined || !selecting.selectionNow().cell) return false
      selecting.select(atCell(col, row))
      surface.current?.scrollTo(col, row)
      return true
    }
    case 'sortMenu':
    case 'filterMenu':
    case 'groupMenu':
      return openToolbarMenu(command.do)
  }
  return undefined
}

function onCell(command: Command, parts: Parts, col: number, row: number): boolean {
  const { model, selecting, edits, actions, moving } = parts
  const field = model.field(col)
  if (!field) return false
  if (command.do === 'pageLeft' || command.do === 'pageRight') return turn(parts, col, row, command.do)
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
    case 'moveUp':
    case 'moveDown':
      moving.step(command.do === 'moveUp' ? -1 : 1)
      return true
  }
  return false
}

/** Goes as many columns to the left or right as fit the window beside the frozen ones. */
function turn({ model, surface, selecting, shown }: Parts, col: number, row: number, where: string): boolean {
  const by = Math.max(1, shown.current.cols - 1)
  const goal = where === 'pageLeft' ? col - by : col + by
  const next = Math.min(Math.max(0, goal), model.setting.fields.length - 1)
  selecting.select(atCell(next, row))
  // As Home does: the first column says nothing about those beside it.
  surface.current?.scrollTo(next === 0 ? 1 : next, row)
  return true
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
