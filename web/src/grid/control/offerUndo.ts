import { toast } from '../../shell/toasts'
import type { GridModel } from '../model'

/** Says what was done and offers to take back exactly that step, whatever follows it. */
export function offerUndo(model: GridModel, text: string): void {
  const done = model.workspace.undoStack.last?.done
  if (done) toast({ text, action: { label: 'Undo', run: () => model.workspace.undoOne(done) } })
}
