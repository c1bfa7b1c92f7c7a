import type { Field, Op, RecordId, Table } from '../../api/types'
import type { Cell } from '../../store/cells'
import type { Workspace } from '../../store/workspace'
import type { Rect } from '../../ui/anchor'
import type { KindContext } from '../kinds'

/** Where the selection goes after an edit. */
export type Move = 'stay' | 'down' | 'up' | 'right' | 'left'

export interface EditorProps {
  readonly field: Field
  readonly context: KindContext
  readonly value: Cell
  /** What was typed to open the editor; undefined when it was opened by Enter, F2 or a double click. */
  readonly seed: string | undefined
  /** The cell in window pixels. */
  readonly at: Rect
  /** Whether the person asked for room (Shift+Space). */
  readonly large?: boolean
  readonly tables: readonly Table[]
  readonly workspace: Workspace
  /** Writes the value; `before` are operations it needs, such as a new option, in the same change set. */
  readonly commit: (value: Cell, move: Move, before?: Op[]) => void
  readonly cancel: () => void
  /** Registers what a click outside does; it answers whether the editor may close. */
  readonly onLeave: (leave: () => boolean) => void
  readonly record: RecordId
}

/** Where Enter and Tab lead. */
export function moveFor(key: string, shift: boolean): Move | undefined {
  if (key === 'Enter') return shift ? 'up' : 'down'
  if (key === 'Tab') return shift ? 'left' : 'right'
  return undefined
}
