import type { Done } from './saveQueue'

/** One step of this person in this window; what it became is known once it is acknowledged. */
export interface Step {
  readonly done: Done
  readonly label: string
}

const DEPTH = 200

/** What Ctrl+Z and Ctrl+Y go through. Undoing makes a new step, and undoing that one is redoing. */
export class UndoStack {
  private past: Step[] = []
  private future: Step[] = []

  get canUndo(): boolean {
    return this.past.length > 0
  }

  get canRedo(): boolean {
    return this.future.length > 0
  }

  get nextLabel(): string | undefined {
    return this.past.at(-1)?.label
  }

  /** The step just taken. */
  get last(): Step | undefined {
    return this.past.at(-1)
  }

  did(step: Step): void {
    this.past.push(step)
    if (this.past.length > DEPTH) this.past.shift()
    this.future = []
  }

  /** Takes the last step; `undo` sends its undoing and answers what that becomes. */
  undo(undo: (step: Step) => Done): Step | undefined {
    const step = this.past.pop()
    if (!step) return undefined
    this.future.push({ done: undo(step), label: step.label })
    return step
  }

  redo(undo: (step: Step) => Done): Step | undefined {
    const step = this.future.pop()
    if (!step) return undefined
    this.past.push({ done: undo(step), label: step.label })
    return step
  }

  /** A change set was refused: there is nothing to take back. */
  forget(done: Done): void {
    this.past = this.past.filter((step) => step.done !== done)
    this.future = this.future.filter((step) => step.done !== done)
  }
}
