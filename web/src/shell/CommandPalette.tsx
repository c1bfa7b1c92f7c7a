/** Ctrl+K: every page, table, view and command by typing a few letters. Ctrl+J: the tables only. */
import { Autocomplete } from '@base-ui/react/autocomplete'
import { Dialog } from '@base-ui/react/dialog'
import {
  Activity,
  BarChart3,
  CheckCircle2,
  Combine,
  Keyboard,
  Lightbulb,
  LogOut,
  Moon,
  Settings,
  Sun,
  Table2,
  Trash2,
  Upload,
} from 'lucide-react'
import { type ReactNode, useEffect, useMemo } from 'react'
import { useLocation } from 'wouter'
import { create } from 'zustand'
import { useSession, useTables } from '../api/queries'
import { paths } from '../pages/paths'
import { chooseTheme, useShownTheme } from '../theme/theme'
import { cx } from '../ui/classes'
import { asPressed } from '../ui/keyNames'
import popup from '../ui/Popup.module.css'
import styles from './CommandPalette.module.css'
import { type Command, type CommandGroup, offeredCommands } from './commands'
import { showShortcuts } from './ShortcutSheet'
import { signOut } from './UserMenu'

type Scope = 'all' | 'tables'

const usePalette = create<{ scope: Scope | null }>(() => ({ scope: null }))
const setScope = (scope: Scope | null) => usePalette.setState({ scope })

/** For those without the keys: a finger, or a pointer. */
export function openPalette(): void {
  setScope('all')
}

export function CommandPalette() {
  const scope = usePalette((state) => state.scope)

  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return
      const asked: Scope | null = event.key === 'k' ? 'all' : event.key === 'j' ? 'tables' : null
      if (!asked) return
      event.preventDefault()
      event.stopPropagation()
      setScope(usePalette.getState().scope === asked ? null : asked)
    }
    // Captured, so that the grid does not take the keys first.
    window.addEventListener('keydown', onKey, { capture: true })
    return () => window.removeEventListener('keydown', onKey, { capture: true })
  }, [])

  return (
    <Dialog.Root open={scope !== null} onOpenChange={(open) => !open && setScope(null)}>
      <Dialog.Portal>
        <Dialog.Backdrop className={popup.backdrop} />
        <Dialog.Viewport className={popup.viewport}>
          <Dialog.Popup className={cx(popup.dialog, styles.palette)} aria-label="Go to">
            {scope && <Commands scope={scope} onDone={() => setScope(null)} />}
          </Dialog.Popup>
        </Dialog.Viewport>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function Commands({ scope, onDone }: { scope: Scope; onDone: () => void }) {
  const groups = useGroups(scope)
  return (
    <Autocomplete.Root
      open
      inline
      items={groups}
      itemToStringValue={(entry) => entry.label}
      autoHighlight="always"
      keepHighlight
    >
      <Autocomplete.Input
        className={styles.input}
        placeholder={scope === 'tables' ? 'Go to a table…' : 'Go to…'}
        aria-label="Go to"
        autoFocus
      />
      <Autocomplete.Empty className={styles.empty}>Nothing by that name.</Autocomplete.Empty>
      <Autocomplete.List className={styles.list}>
        {(group: CommandGroup) => (
          <Autocomplete.Group key={group.label} items={group.items}>
            <Autocomplete.GroupLabel className={popup.label}>{group.label}</Autocomplete.GroupLabel>
            <Autocomplete.Collection>
              {(entry: Command) => (
                <Autocomplete.Item
                  key={entry.id}
                  value={entry}
                  className={popup.item}
                  onClick={() => {
                    onDone()
                    // The closing palette gives the focus back first; what is opened at once would lose it.
                    setTimeout(entry.run, 60)
                  }}
                >
                  {entry.icon}
                  <span className={popup.itemText}>{entry.label}</span>
                  {entry.keys && <span className={popup.hint}>{asPressed(entry.keys)}</span>}
                </Autocomplete.Item>
              )}
            </Autocomplete.Collection>
          </Autocomplete.Group>
        )}
      </Autocomplete.List>
    </Autocomplete.Root>
  )
}

function useGroups(scope: Scope): CommandGroup[] {
  const [, navigate] = useLocation()
  const { data } = useTables()
  const { data: session } = useSession()
  const theme = useShownTheme()
  // Asked once: what stands in the palette does not change while it is open.
  const offered = useMemo(() => (scope === 'all' ? offeredCommands() : []), [scope])
  const go = (id: string, label: string, icon: ReactNode, path: string): Command => ({
    id,
    label,
    icon,
    run: () => navigate(path),
  })
  const tables = (data?.tables ?? []).map((table) =>
    go(table.id, table.name, <Table2 size={14} />, paths.table(table.key)),
  )
  if (scope === 'tables') return [{ label: 'Tables', items: tables }]
  const gear = <Settings size={14} />
  const sections = [
    'Profile',
    'Security',
    'Appearance',
    ...(session?.user?.role === 'admin' ? ['People', 'Backups', 'Plugins', 'Security status'] : []),
  ]
  const other = theme === 'dark' ? 'light' : 'dark'
  return [
    ...offered,
    { label: 'Tables', items: tables },
    {
      label: 'Pages',
      items: [
        go('tasks', 'My tasks', <CheckCircle2 size={14} />, paths.tasks()),
        go('dashboards', 'Dashboards', <BarChart3 size={14} />, paths.dashboards()),
        go('activity', 'Activity', <Activity size={14} />, paths.activity()),
        go('requests', 'Feature requests', <Lightbulb size={14} />, paths.requests),
        go('import', 'Import a CSV', <Upload size={14} />, paths.import()),
        go('duplicates', 'Duplicates', <Combine size={14} />, paths.duplicates()),
        go('trash', 'Trash', <Trash2 size={14} />, paths.trash()),
        ...sections.map((name) =>
          go(`settings-${name}`, `Settings: ${name}`, gear, paths.settings(name.toLowerCase().replaceAll(' ', '-'))),
        ),
      ],
    },
    {
      label: 'Actions',
      items: [
        {
          id: 'shortcuts',
          label: 'Keyboard shortcuts',
          icon: <Keyboard size={14} />,
          keys: 'Ctrl+/',
          run: () => showShortcuts(),
        },
        {
          ...{ id: 'theme', label: `Switch to ${other}`, run: () => chooseTheme(other) },
          icon: other === 'dark' ? <Moon size={14} /> : <Sun size={14} />,
        },
        { id: 'sign-out', label: 'Sign out', icon: <LogOut size={14} />, run: () => void signOut() },
      ],
    },
  ]
}
