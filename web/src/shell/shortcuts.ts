/** The keys of the program, as the shortcut sheet shows them; docs/use/keyboard.md and a browser test hold the same table. */

export interface Shortcut {
  /** For example `Ctrl+Shift+Z or Ctrl+Y`; Ctrl stands for ⌘ on a Mac. */
  readonly keys: string
  readonly does: string
}

export interface ShortcutGroup {
  readonly title: string
  readonly shortcuts: readonly Shortcut[]
}

const group = (title: string, ...shortcuts: readonly (readonly [keys: string, does: string])[]): ShortcutGroup => ({
  title,
  shortcuts: shortcuts.map(([keys, does]) => ({ keys, does })),
})

export const SHORTCUTS: readonly ShortcutGroup[] = [
  group(
    'Go anywhere',
    ['Ctrl+K', 'Command palette: every page, table, view and command'],
    ['Ctrl+J', 'Tables'],
    ['Ctrl+Shift+K', 'Find a view'],
    ['F6 or Shift+F6', 'Next or previous part of the window'],
    ['Ctrl+/ or ?', 'This sheet'],
  ),
  group(
    'Move in the grid',
    ['Arrows', 'Next cell'],
    ['Ctrl+Arrows', 'Edge of the grid'],
    ['Tab or Shift+Tab', 'Next or previous cell'],
    ['Home or End', 'First or last field'],
    ['Ctrl+Home or Ctrl+End', 'First or last cell'],
    ['PgUp or PgDn', 'A screen up or down'],
    ['Alt+PgUp or Alt+PgDn', 'A screen left or right'],
    ['Alt+← or Alt+→', 'Collapse or expand the group'],
  ),
  group(
    'Select',
    ['Shift+Arrows', 'Extend the selection'],
    ['Ctrl+Shift+Arrows', 'Extend it to the edge'],
    ['Ctrl+A', 'Everything'],
    ['Esc', 'Back to one cell; close what is open'],
  ),
  group(
    'Edit',
    ['Typing', 'Replaces the value'],
    ['Enter or F2', 'Edit; Enter again saves and goes down'],
    ['Tab', 'While editing: save and go right'],
    ['Esc', 'While editing: leave the value as it was'],
    ['Shift+Space', 'Give the cell more room'],
    ['Delete or Backspace', 'Clear'],
    ['Ctrl+;', 'Today, or now in a date with time'],
    ['Ctrl+D', 'Fill down'],
    ['0 to 9', 'Set a rating'],
    ['Enter', 'Tick or untick a checkbox'],
    ['Ctrl+C, Ctrl+X, Ctrl+V', 'Copy, cut, paste'],
    ['Ctrl+Z', 'Undo'],
    ['Ctrl+Shift+Z or Ctrl+Y', 'Redo'],
  ),
  group(
    'Records',
    ['Space', 'Open the record, or close it'],
    ['Shift+Enter', 'New record below'],
    ['Alt+Shift+↑ or Alt+Shift+↓', 'Move the chosen records up or down'],
    ['Ctrl+Shift+, or Alt+←', 'In an open record: the previous one'],
    ['Ctrl+Shift+. or Alt+→', 'In an open record: the next one'],
  ),
  group(
    'This view',
    ['Ctrl+F', 'Find in the view'],
    ['Ctrl+Shift+F', 'Filter'],
    ['Ctrl+Shift+S', 'Sort'],
    ['Ctrl+Shift+D', 'Group'],
  ),
]
