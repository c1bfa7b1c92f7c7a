/** The person at the top right: theme, settings, import, trash, sign out. */
import {
  Activity,
  BarChart3,
  CheckCircle2,
  Keyboard,
  Lightbulb,
  LogOut,
  Monitor,
  Moon,
  Settings,
  Sun,
  Trash2,
  Upload,
  Users,
} from 'lucide-react'
import { useLocation } from 'wouter'
import { api, explain } from '../api/client'
import { leaveSession, useSession } from '../api/queries'
import { paths } from '../pages/paths'
import { chooseTheme, type ThemeChoice, useThemeChoice } from '../theme/theme'
import { Avatar } from '../ui/Avatar'
import { Menu, MenuGroup, MenuItem, MenuRadio, MenuSeparator } from '../ui/Menu'
import styles from './Frame.module.css'
import { showShortcuts } from './ShortcutSheet'
import { toast } from './toasts'

export const THEMES: { value: ThemeChoice; label: string; icon: React.ReactNode }[] = [
  { value: 'system', label: 'Like the system', icon: <Monitor size={14} /> },
  { value: 'light', label: 'Light', icon: <Sun size={14} /> },
  { value: 'dark', label: 'Dark', icon: <Moon size={14} /> },
]

export async function signOut(): Promise<void> {
  try {
    await api.delete('/api/session')
    await leaveSession()
  } catch (error) {
    toast({ text: 'You are still signed in', detail: explain(error), tone: 'danger' })
  }
}

export function UserMenu() {
  const { data: session } = useSession()
  const [, navigate] = useLocation()
  const theme = useThemeChoice()
  const user = session?.user
  if (!user) return null
  return (
    <Menu
      align="end"
      trigger={
        <button type="button" className={styles.avatarButton} aria-label={`Menu of ${user.name}`}>
          <Avatar id={user.id} name={user.name} size={26} />
        </button>
      }
    >
      <div className={styles.who}>
        <strong>{user.name}</strong>
        <span>{user.email}</span>
      </div>
      <MenuSeparator />
      <MenuItem icon={<Settings size={14} />} onSelect={() => navigate(paths.settings())}>
        Settings
      </MenuItem>
      {user.role === 'admin' && (
        <MenuItem icon={<Users size={14} />} onSelect={() => navigate(paths.settings('people'))}>
          Invite people
        </MenuItem>
      )}
      <MenuItem icon={<BarChart3 size={14} />} onSelect={() => navigate(paths.dashboards())}>
        Dashboards
      </MenuItem>
      <MenuItem icon={<CheckCircle2 size={14} />} onSelect={() => navigate(paths.tasks())}>
        Tasks
      </MenuItem>
      <MenuItem icon={<Activity size={14} />} onSelect={() => navigate(paths.activity())}>
        Activity
      </MenuItem>
      <MenuItem icon={<Lightbulb size={14} />} onSelect={() => navigate(paths.requests)}>
        Feature requests
      </MenuItem>
      <MenuItem icon={<Upload size={14} />} onSelect={() => navigate(paths.import())}>
        Import a CSV
      </MenuItem>
      <MenuItem icon={<Trash2 size={14} />} onSelect={() => navigate(paths.trash())}>
        Trash
      </MenuItem>
      <MenuItem icon={<Keyboard size={14} />} hint="Ctrl+/" onSelect={() => setTimeout(() => showShortcuts(), 60)}>
        Keyboard shortcuts
      </MenuItem>
      <MenuSeparator />
      <MenuGroup label="Theme">
        <MenuRadio value={theme} onChange={chooseTheme} options={THEMES} />
      </MenuGroup>
      <MenuSeparator />
      <MenuItem icon={<LogOut size={14} />} onSelect={() => void signOut()}>
        Sign out
      </MenuItem>
    </Menu>
  )
}
