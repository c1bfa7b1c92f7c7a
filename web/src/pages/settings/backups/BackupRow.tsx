/** One backup in the list: when, how large, whether it is proven; what can be done with it. */
import { format } from 'date-fns'
import {
  BadgeCheck,
  Download,
  FileArchive,
  MoreHorizontal,
  ShieldAlert,
  ShieldCheck,
  ShieldQuestion,
  Trash2,
} from 'lucide-react'
import { api } from '../../../api/client'
import { confirm } from '../../../shell/confirm'
import { Button, IconButton } from '../../../ui/Button'
import { Badge } from '../../../ui/Feedback'
import { Menu, MenuItem, MenuSeparator } from '../../../ui/Menu'
import { Ago, Row } from '../parts'
import styles from './Backups.module.css'
import { type Backup, reasonText, sizeText } from './wire'

const STATES = {
  verified: { text: 'Verified', tone: 'green', icon: ShieldCheck },
  unverified: { text: 'Not verified', tone: 'gray', icon: ShieldQuestion },
  failed: { text: 'Failed its proof', tone: 'red', icon: ShieldAlert },
  damaged: { text: 'Damaged', tone: 'red', icon: ShieldAlert },
} as const

interface BackupRowProps {
  backup: Backup
  busy: boolean
  run: (what: () => Promise<string>) => Promise<void>
  onCertificate: (backup: Backup) => void
  onRestore: (backup: Backup) => void
}

export function BackupRow({ backup, busy, run, onCertificate, onRestore }: BackupRowProps) {
  const state = STATES[backup.state as keyof typeof STATES] ?? STATES.unverified
  const Icon = state.icon
  const date = format(new Date(backup.created_at), 'd MMM yyyy, HH:mm')
  const path = `/api/fundraising/backups/${backup.id}`

  const verify = () =>
    run(async () => {
      const proven = await api.post<Backup>(`${path}/verify`)
      if (proven.state !== 'verified') throw new Error(`It did not pass its proof: ${proven.problem}`)
      return `The backup of ${date} is verified`
    })

  async function remove() {
    const yes = await confirm({
      title: `Delete the backup of ${date}?`,
      text: 'Its files are removed from the server. This cannot be undone.',
      action: 'Delete',
      danger: true,
    })
    if (yes)
      await run(async () => {
        await api.delete(path)
        return 'The backup is deleted'
      })
  }

  return (
    <Row
      lead={<Icon size={18} className={styles.state} data-state={backup.state} aria-hidden="true" />}
      title={
        <>
          {date}
          <Badge tone={state.tone}>{state.text}</Badge>
        </>
      }
      text={
        <>
          <Ago at={backup.created_at} /> · {sizeText(backup.size)}
          {backup.app && ` · version ${backup.version.toLocaleString()} · ${reasonText(backup)}`}
          {backup.problem && <span className={styles.problem}>{backup.problem}</span>}
        </>
      }
    >
      <Button size="small" disabled={busy || backup.state === 'damaged'} onClick={() => onRestore(backup)}>
        Restore…
      </Button>
      <Menu
        align="end"
        label={`Backup of ${date}`}
        trigger={
          <IconButton label={`More for the backup of ${date}`} size="small">
            <MoreHorizontal size={15} />
          </IconButton>
        }
      >
        <MenuItem icon={<BadgeCheck size={15} />} disabled={!backup.proof} onSelect={() => onCertificate(backup)}>
          Certificate
        </MenuItem>
        <MenuItem
          icon={<ShieldCheck size={15} />}
          disabled={busy || backup.state === 'damaged'}
          onSelect={() => void verify()}
        >
          Verify again
        </MenuItem>
        <MenuSeparator />
        <MenuItem icon={<FileArchive size={15} />} onSelect={() => download(`${path}/download?form=zip`)}>
          Download with manifest
        </MenuItem>
        <MenuItem icon={<Download size={15} />} onSelect={() => download(`${path}/download`)}>
          Download SQLite file
        </MenuItem>
        <MenuSeparator />
        <MenuItem icon={<Trash2 size={15} />} danger disabled={busy} onSelect={() => void remove()}>
          Delete
        </MenuItem>
      </Menu>
    </Row>
  )
}

/** Has the browser save what an address answers, without leaving the page. */
function download(path: string): void {
  const link = document.createElement('a')
  link.href = path
  link.download = ''
  link.click()
}
