/** What restoring a backup would change, then the restore itself behind a typed word; or single records out of it. */
import { useQuery } from '@tanstack/react-query'
import { format } from 'date-fns'
import { useState } from 'react'
import { api, explain } from '../../../api/client'
import { toast } from '../../../shell/toasts'
import { Button } from '../../../ui/Button'
import { Dialog } from '../../../ui/Dialog'
import { Notice, SkeletonLines } from '../../../ui/Feedback'
import { Field, Input } from '../../../ui/Field'
import { paths } from '../../paths'
import settings from '../Settings.module.css'
import { Differences } from './Differences'
import type { Backup, Restored, RestorePreview } from './wire'

const WORD = 'restore'

export function RestoreDialog({ backup, onClose }: { backup: Backup; onClose: () => void }) {
  const [typed, setTyped] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState('')
  const [done, setDone] = useState<Restored | null>(null)
  const { data, error, refetch } = useQuery({
    queryKey: ['restore-preview', backup.id],
    queryFn: () => api.post<RestorePreview>('/api/fundraising/restore-preview', { backup: backup.id }),
    staleTime: 0,
    gcTime: 0,
    retry: false,
  })
  if (done) return <Done restored={done} />

  async function restore() {
    setBusy(true)
    setProblem('')
    try {
      setDone(await api.post<Restored>('/api/fundraising/restore', { backup: backup.id, confirm: backup.id }))
    } catch (failed) {
      setProblem(explain(failed))
      setBusy(false)
    }
  }

  async function bringBack(table: string, record: string, name: string) {
    try {
      await api.post(`/api/fundraising/backups/${backup.id}/restore-records`, { table, records: [record] })
      toast({
        text: `“${name}” is as it was in the backup`,
        detail: 'It is one edit, which can be undone.',
        tone: 'success',
      })
      await refetch()
    } catch (failed) {
      toast({ text: explain(failed), tone: 'danger' })
    }
  }

  const ready = typed.trim().toLowerCase() === WORD
  return (
    <Dialog
      open
      steady
      onClose={() => !busy && onClose()}
      size="large"
      title={`Restore the backup of ${format(new Date(backup.created_at), 'd MMMM yyyy, HH:mm')}?`}
      text="All data goes back to what it was then. A backup of what is there now is made first."
      foot={
        <>
          <Button disabled={busy} onClick={onClose}>
            Cancel
          </Button>
          <Button variant="danger" type="submit" form="restore" busy={busy} disabled={!ready || !data}>
            Restore everything
          </Button>
        </>
      }
    >
      <form
        id="restore"
        className={settings.form}
        onSubmit={(event) => {
          event.preventDefault()
          if (ready && data && !busy) void restore()
        }}
      >
        {(problem || error) && <Notice tone="danger">{problem || explain(error)}</Notice>}
        {!data && !error && <SkeletonLines count={6} />}
        {data && (
          <>
            <Differences preview={data} onBringBack={bringBack} />
            <Notice tone="warning" title="Nobody can work for some moments">
              {data.accounts === 'kept'
                ? 'People, passwords and who is signed in stay as they are now.'
                : 'It comes from another CRM: its people replace those of this one, and everybody signs in again.'}
            </Notice>
            <Field
              label={
                <>
                  Type <code>{WORD}</code> to restore everything
                </>
              }
            >
              <Input
                value={typed}
                onChange={setTyped}
                autoComplete="off"
                autoCapitalize="none"
                spellCheck={false}
                disabled={busy}
              />
            </Field>
          </>
        )}
      </form>
    </Dialog>
  )
}

function Done({ restored }: { restored: Restored }) {
  // the whole page anew: everything it remembers is of the data that was there before
  const leave = () => window.location.assign(paths.home)
  return (
    <Dialog
      open
      steady
      onClose={leave}
      size="small"
      title="The backup is restored"
      text={
        restored.accounts === 'kept'
          ? `Nobody could work for ${Math.max(0.1, restored.seconds).toFixed(1)} s. What was there before is in the list of backups.`
          : 'Sign in as you did where it was made. What was there before is in the list of backups.'
      }
      foot={
        <Button variant="primary" autoFocus onClick={leave}>
          {restored.accounts === 'kept' ? 'Open the CRM' : 'Sign in'}
        </Button>
      }
    />
  )
}
