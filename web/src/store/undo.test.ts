import { describe, expect, it } from 'vitest'
import { PendingEdits } from './pending'
import type { Done } from './saveQueue'
import { UndoStack } from './undo'

describe('undo stack', () => {
  const undoing = (log: number[]) => (step: { done: Done }) => {
    log.push(step.done.version ?? 0)
    return { version: (step.done.version ?? 0) + 100 }
  }

  it('undoes the last step, and redoing undoes the undoing', () => {
    const stack = new UndoStack()
    const log: number[] = []
    stack.did({ done: { version: 1 }, label: 'one' })
    stack.did({ done: { version: 2 }, label: 'two' })
    expect(stack.undo(undoing(log))?.label).toBe('two')
    expect(stack.redo(undoing(log))?.label).toBe('two')
    expect(stack.undo(undoing(log))?.label).toBe('two')
    expect(log).toEqual([2, 102, 202])
  })

  it('forgets what could be redone after a new step, and what was refused', () => {
    const stack = new UndoStack()
    const refused: Done = {}
    stack.did({ done: { version: 1 }, label: 'one' })
    stack.undo(undoing([]))
    stack.did({ done: refused, label: 'two' })
    expect(stack.canRedo).toBe(false)
    stack.forget(refused)
    expect(stack.canUndo).toBe(false)
  })
})

describe('pending edits', () => {
  it('lie over the confirmed cells until their own set is settled', () => {
    const pending = new PendingEdits()
    pending.put('r1', { a: 1, b: 1 }, 1)
    pending.put('r1', { a: 2 }, 2)
    expect(pending.get('r1', 'a')).toMatchObject({ value: 2 })
    expect(pending.settle(1)).toEqual(['r1'])
    expect(pending.get('r1', 'a')).toMatchObject({ value: 2 })
    expect(pending.get('r1', 'b')).toBeUndefined()
    pending.rename('r1', 'r9')
    expect(pending.get('r9', 'a')).toMatchObject({ value: 2 })
    pending.drop(2, [['r9', 'a']])
    expect(pending.size).toBe(0)
  })
})
