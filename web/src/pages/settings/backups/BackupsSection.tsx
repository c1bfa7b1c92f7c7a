/** Backups: what is wrong, what is under way, the policy, and every backup with its certificate. Admins only. */

import { useQuery } from '@tanstack/react-query'
import { DatabaseBackup } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { ApiError, api, explain } from '../../../api/client'
import { queryClient } from '../../../api/queries'
import { toast } from '../../../shell/toasts'
import { Button } from '../../../ui/Button'
import { EmptyState, Notice, Progress, SkeletonLines } from '../../../ui/Feedback'
import { PageHead } from '../../../ui/Page'
import { Card } from '../parts'
import { BackupRow } from './BackupRow'
import styles from './Backups.module.css'
import { CertificateDialog } from './CertificateDialog'
import { PolicyForm } from './PolicyForm'
import { RestoreDialog } from './RestoreDialog'
import { type Backup, type BackupList, backupsKey, progressText } from './wire'

const WATCH_MS = 700
const REST_MS = 30_000

export function useBackups(busy: boolean) {
  return useQuery({
    queryKey: backupsKey,
    queryFn: () => api.get<BackupList>('/api/fundraising/backups'),
    staleTime: 0,
    refetchInterval: (query) => (busy || query.state.data?.running ? WATCH_MS : REST_MS),
  })
}

export function BackupsSection() {
  const [busy, setBusy] = useState(false)
  const [certificate, setCertificate] = useState<Backup | null>(null)
  const [restoring, setRestoring] = useState<Backup | null>(null)
  const { data, error } = useBackups(busy)

  async function run(what: () => Promise<string>) {
    setBusy(true)
    try {
      toast({ text: await what(), tone: 'success' })
    } catch (problem) {
      toast({ text: explain(problem), tone: 'danger' })
    } finally {
      setBusy(false)
      await queryClient.invalidateQueries({ queryKey: backupsKey })
    }
  }

  const create = () =>
    run(async () => {
      const made = await api.post<Backup>('/api/fundraising/backup')
      if (made.state !== 'verified') throw new Error(`The backup did not pass its proof: ${made.problem}`)
      return 'The backup is made and verified'
    })

  const off = error instanceof ApiError && error.code === 'plugin_off'
  return (
    <>
      <PageHead
        title="Backups"
        text="Each one is restored into a scratch folder, to prove that it works."
        action={
          <Button
            variant="primary"
            busy={busy || Boolean(data?.running)}
            disabled={!data}
            onClick={() => void create()}
          >
            Back up now
          </Button>
        }
      />
      {error && <Notice tone={off ? 'warning' : 'danger'}>{explain(error)}</Notice>}
      {!data && !error && <SkeletonLines count={8} />}
      {data && (
        <>
          <Alerts list={data} />
          {data.running && (
            <div className={styles.running} role="status">
              <span>{progressText(data.running)}</span>
              <Progress
                done={data.running.share}
                total={data.running.share > 0 ? 1 : 0}
                label={progressText(data.running)}
              />
            </div>
          )}
          <Card title="All backups" text={<Where list={data} />} flush action={<Bring run={run} busy={busy} />}>
            {data.backups.length === 0 ? (
              <EmptyState
                icon={<DatabaseBackup size={20} />}
                title="No backup yet"
                text="Make the first one now, or wait for the night. On a new machine, bring one from a file."
              />
            ) : (
              <ul>
                {data.backups.map((backup) => (
                  <BackupRow
                    key={backup.id}
                    backup={backup}
                    busy={busy || Boolean(data.running)}
                    run={run}
                    onCertificate={setCertificate}
                    onRestore={setRestoring}
                  />
                ))}
              </ul>
            )}
          </Card>
          <PolicyForm nextAt={data.next_at} folder={data.folder} />
        </>
      )}
      {certificate && <CertificateDialog backup={certificate} onClose={() => setCertificate(null)} />}
      {restoring && <RestoreDialog backup={restoring} onClose={() => setRestoring(null)} />}
    </>
  )
}

function Alerts({ list }: { list: BackupList }) {
  return list.alerts
    .filter((alert) => alert.code !== 'no_backup' || list.backups.length > 0)
    .map((alert) => (
      <Notice
        key={alert.code + alert.text}
        tone={alert.code === 'backup_old' ? 'warning' : 'danger'}
        title={alert.text}
      >
        {alert.code === 'backup_folder' && 'Mount its disk, or choose another folder below.'}
        {alert.code === 'backup_failed' && 'Mend what it names, then back up now.'}
        {alert.code === 'backup_damaged' && 'Do not rely on it. The others are not touched by this.'}
      </Notice>
    ))
}

function Where({ list }: { list: BackupList }) {
  return (
    <>
      In <code className={styles.path}>{list.folder}</code> on the server. Copy them to another machine now and then.
    </>
  )
}

function Bring({ run, busy }: { run: (what: () => Promise<string>) => Promise<void>; busy: boolean }) {
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (!busy && input.current) input.current.value = ''
  }, [busy])
  const upload = (file: File) =>
    run(async () => {
      await api.post('/api/fundraising/backups/upload', undefined, {
        raw: file,
        contentType: 'application/octet-stream',
      })
      return `${file.name} is here and verified`
    })
  return (
    <>
      <Button size="small" disabled={busy} onClick={() => input.current?.click()}>
        Bring from a file…
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        aria-label="A backup's file"
        accept=".sqlite3,.zip"
        onChange={(event) => {
          const file = event.target.files?.[0]
          if (file) void upload(file)
        }}
      />
    </>
  )
}
