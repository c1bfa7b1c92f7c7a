/** What a key press asks of the grid while no editor is open. */
export type Command =
  | { readonly do: 'type'; readonly text: string }
  | { readonly do: 'compose' }
  | { readonly do: 'rate'; readonly digit: number }
  | {
      readonly do:
        | 'edit'
        | 'toggle'
        | 'expand'
        | 'expandCell'
        | 'insertBelow'
        | 'clear'
        | 'undo'
        | 'redo'
        | 'find'
        | 'now'
        | 'fillDown'
        | 'deselect'
        | 'sortMenu'
        | 'filterMenu'
        | 'groupMenu'
        | 'fold'
        | 'unfold'
        | 'pageLeft'
        | 'pageRight'
        | 'lastCell'
        | 'moveUp'
        | 'moveDown'
    }

export interface Press {
  readonly key: string
  readonly code?: string
  readonly ctrl: boolean
  readonly meta: boolean
  readonly shift: boolean
  readonly alt: boolean
  readonly composing: boolean
}

/** What the active cell is, as far as keys care. */
export interface Target {
  readonly shape?: string
  readonly writable: boolean
  /** A computed cell: typing on it asks why it has its value. */
  readonly computed?: boolean
}

/**
 * The command behind a key, or undefined when the grid library handles it itself
 * (arrows, Tab, Ctrl+arrows, Shift+arrows, Home, End, page up and down, Ctrl+A, and the browser's copy, cut and paste).
 */
export function commandFor(press: Press, target: Target): Command | undefined {
  if (press.composing || press.key === 'Process' || press.key === 'Dead') {
    return target.writable ? { do: 'compose' } : undefined
  }
  const primary = press.ctrl || press.meta
  if (primary && !press.alt) return withPrimary(press)
  if (press.alt && !isTyped(press)) return withAlt(press)
  return plainKey(press, target)
}

/** Groups open and fold as a tree does; with Shift the arrows carry records along. */
function withAlt({ key, shift }: Press): Command | undefined {
  const map: Record<string, Command> = shift
    ? { ArrowUp: { do: 'moveUp' }, ArrowDown: { do: 'moveDown' } }
    : {
        ArrowLeft: { do: 'fold' },
        ArrowRight: { do: 'unfold' },
        PageUp: { do: 'pageLeft' },
        PageDown: { do: 'pageRight' },
      }
  return map[key]
}

function withPrimary(press: Press): Command | undefined {
  const key = press.key.toLowerCase()
  if (press.shift) {
    const shifted: Record<string, Command> = {
      z: { do: 'redo' },
      s: { do: 'sortMenu' },
      f: { do: 'filterMenu' },
      d: { do: 'groupMenu' },
    }
    return shifted[key]
  }
  const map: Record<string, Command> = {
    z: { do: 'undo' },
    y: { do: 'redo' },
    f: { do: 'find' },
    d: { do: 'fillDown' },
    ';': { do: 'now' },
    end: { do: 'lastCell' },
  }
  return map[key]
}

function plainKey(press: Press, target: Target): Command | undefined {
  switch (press.key) {
    case 'Enter':
      if (press.shift) return { do: 'insertBelow' }
      return target.shape === 'check' && target.writable ? { do: 'toggle' } : { do: 'edit' }
    case 'F2':
      return { do: 'edit' }
    case 'Delete':
    case 'Backspace':
      return { do: 'clear' }
    case ' ':
      return press.shift ? { do: 'expandCell' } : { do: 'expand' }
    case 'Escape':
      return { do: 'deselect' }
  }
  if (!isTyped(press)) return undefined
  if (!target.writable) return target.computed ? { do: 'edit' } : undefined
  if (target.shape === 'rating') return /^\d$/.test(press.key) ? { do: 'rate', digit: Number(press.key) } : undefined
  if (target.shape === 'check') return undefined
  return { do: 'type', text: press.key }
}

/** A key that writes a character: with AltGr the browser reports Ctrl+Alt or Alt. */
function isTyped(press: Press): boolean {
  return [...press.key].length === 1 && !press.meta && (!press.ctrl || press.alt)
}
