/** Settings: a list of sections at the left, one of them at the right. */
import { DatabaseBackup, ListChecks, Palette, Plug, ShieldCheck, User, Users } from 'lucide-react'
import { type ComponentType, useEffect, useRef } from 'react'
import { Link } from 'wouter'
import { useSession } from '../../api/queries'
import { NotFoundPage } from '../NotFoundPage'
import { paths } from '../paths'
import { AppearanceSection } from './AppearanceSection'
import { BackupsSection } from './backups/BackupsSection'
import { PeopleSection } from './PeopleSection'
import { PluginsSection } from './PluginsSection'
import { ProfileSection } from './ProfileSection'
import { SecuritySection } from './SecuritySection'
import styles from './Settings.module.css'
import { StatusSection } from './StatusSection'

interface Section {
  key: string
  name: string
  icon: ComponentType<{ size?: number }>
  page: ComponentType
  admin?: boolean
}

const SECTIONS: Section[] = [
  { key: 'profile', name: 'Profile', icon: User, page: ProfileSection },
  { key: 'security', name: 'Security', icon: ShieldCheck, page: SecuritySection },
  { key: 'appearance', name: 'Appearance', icon: Palette, page: AppearanceSection },
  { key: 'people', name: 'People', icon: Users, page: PeopleSection, admin: true },
  { key: 'backups', name: 'Backups', icon: DatabaseBackup, page: BackupsSection, admin: true },
  { key: 'plugins', name: 'Plugins', icon: Plug, page: PluginsSection, admin: true },
  { key: 'security-status', name: 'Security status', icon: ListChecks, page: StatusSection, admin: true },
]

export default function SettingsPage({ section }: { section: string }) {
  const { data: session } = useSession()
  const allowed = SECTIONS.filter((item) => !item.admin || session?.user?.role === 'admin')
  const current = allowed.find((item) => item.key === section)
  const Page = current?.page
  const nav = useRef<HTMLElement>(null)
  // On a phone the sections stand in a row that scrolls.
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when another section is open
  useEffect(() => {
    nav.current?.querySelector('[aria-current]')?.scrollIntoView({ inline: 'center', block: 'nearest' })
  }, [section])
  return (
    <div className={styles.settings}>
      <nav ref={nav} className={styles.nav} aria-label="Settings">
        <NavGroup title="You" items={allowed.filter((item) => !item.admin)} current={section} />
        <NavGroup title="Team" items={allowed.filter((item) => item.admin)} current={section} />
      </nav>
      <div className={styles.scroll}>
        <div className={styles.content}>{Page ? <Page /> : <NotFoundPage what="section" />}</div>
      </div>
    </div>
  )
}

function NavGroup({ title, items, current }: { title: string; items: Section[]; current: string }) {
  if (items.length === 0) return null
  return (
    <>
      <h2 className={styles.navTitle}>{title}</h2>
      {items.map(({ key, name, icon: Icon }) => (
        <Link
          key={key}
          href={paths.settings(key)}
          className={styles.navItem ?? ''}
          aria-current={key === current ? 'page' : undefined}
        >
          <Icon size={15} />
          {name}
        </Link>
      ))}
    </>
  )
}
