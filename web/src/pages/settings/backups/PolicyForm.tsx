/** When backups are made by themselves, how long they are kept, and where. */
import { useQuery } from '@tanstack/react-query'
import { format } from 'date-fns'
import { type FormEvent, useEffect, useState } from 'react'
import { ApiError, api, explain } from '../../../api/client'
import { queryClient } from '../../../api/queries'
import { toast } from '../../../shell/toasts'
import { Button } from '../../../ui/Button'
import { Notice, SkeletonLines } from '../../../ui/Feedback'
import { Field, Input } from '../../../ui/Field'
import { Picker } from '../../../ui/Picker'
import { Select } from '../../../ui/Select'
import { Switch } from '../../../ui/Switch'
import { Card } from '../parts'
import settings from '../Settings.module.css'
import styles from './Backups.module.css'
import { type BackupPolicy, backupsKey, policyKey } from './wire'

const PATH = '/api/fundraising/backup-policy'
const HOURS = Array.from({ length: 24 }, (_, hour) => ({
  value: String(hour),
  label: `${String(hour).padStart(2, '0')}:00`,
}))

function zoneGroups() {
  const groups = new Map<string, { value: string; label: string }[]>()
  for (const zone of ['UTC', ...Intl.supportedValuesOf('timeZone')]) {
    const region = zone.includes('/') ? zone.slice(0, zone.indexOf('/')) : 'World'
    groups.set(region, [...(groups.get(region) ?? []), { value: zone, label: zone.replaceAll('_', ' ') }])
  }
  return [...groups].map(([label, items]) => ({ label, items }))
}

export function PolicyForm({ nextAt, folder }: { nextAt: string | null; folder: string }) {
  const { data, error } = useQuery({ queryKey: policyKey, queryFn: () => api.get<BackupPolicy>(PATH) })
  const [draft, setDraft] = useState<BackupPolicy | null>(null)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<ApiError | null>(null)
  useEffect(() => {
    if (data) setDraft(data)
  }, [data])
  if (error) return <Notice tone="danger">{explain(error)}</Notice>
  if (!data || !draft) return <SkeletonLines count={5} />
  const changed = JSON.stringify(data) !== JSON.stringify(draft)
  const set = (part: Partial<BackupPolicy>) => setDraft({ ...draft, ...part })

  async function save(next: BackupPolicy) {
    setBusy(true)
    setProblem(null)
    try {
      queryClient.setQueryData(policyKey, await api.patch<BackupPolicy>(PATH, next))
      await queryClient.invalidateQueries({ queryKey: backupsKey })
      toast({ text: 'The policy is saved', tone: 'success' })
    } catch (failed) {
      if (failed instanceof ApiError) setProblem(failed)
      else toast({ text: explain(failed), tone: 'danger' })
    } finally {
      setBusy(false)
    }
  }

  function submit(event: FormEvent) {
    event.preventDefault()
    if (draft && changed) void save(draft)
  }

  const errorOf = (name: string) => (problem?.pointer === `/${name}` ? problem.detail : undefined)
  return (
    <Card
      title="Every night"
      text={
        data.enabled && nextAt
          ? `Next: ${format(new Date(nextAt), 'EEEE d MMMM, HH:mm')}`
          : 'No backups are made by themselves.'
      }
      action={
        <Switch
          checked={draft.enabled}
          label="Make a backup every night"
          disabled={busy}
          onChange={(enabled) => void save({ ...data, enabled })}
        />
      }
    >
      <form className={settings.form} onSubmit={submit}>
        {problem && !problem.pointer && <Notice tone="danger">{explain(problem)}</Notice>}
        <div className={settings.pair}>
          <Field label="At">
            <Select
              label="At"
              value={String(draft.hour)}
              onChange={(hour) => set({ hour: Number(hour) })}
              options={HOURS}
            />
          </Field>
          <Field label="Time zone" error={errorOf('zone')}>
            <Picker
              label="Time zone"
              value={draft.zone}
              groups={zoneGroups()}
              shown={<span>{draft.zone.replaceAll('_', ' ')}</span>}
              onChange={(zone) => set({ zone })}
            />
          </Field>
        </div>
        <div className={settings.pair}>
          <Field label="Keep the newest" error={errorOf('keep_count')} hint="Of those made by themselves.">
            <Count
              value={draft.keep_count}
              min={1}
              max={1000}
              unit="backups"
              onChange={(keep_count) => set({ keep_count })}
            />
          </Field>
          <Field label="Keep no longer than" error={errorOf('keep_days')} hint="0 keeps them whatever their age.">
            <Count
              value={draft.keep_days}
              min={0}
              max={3650}
              unit="days"
              onChange={(keep_days) => set({ keep_days })}
            />
          </Field>
        </div>
        <Field
          label="Folder on the server"
          error={errorOf('folder')}
          hint="Best on another disk. Backups that are there already stay where they are."
        >
          <Input
            value={draft.folder}
            onChange={(next) => set({ folder: next })}
            placeholder={data.folder ? '' : folder}
            spellCheck={false}
            autoCapitalize="none"
          />
        </Field>
        {changed && (
          <div className={settings.buttons}>
            <Button variant="primary" type="submit" busy={busy}>
              Save
            </Button>
            <Button onClick={() => setDraft(data)}>Discard</Button>
          </div>
        )}
      </form>
    </Card>
  )
}

interface CountProps {
  value: number
  min: number
  max: number
  unit: string
  onChange: (value: number) => void
}

function Count({ value, min, max, unit, onChange }: CountProps) {
  return (
    <div className={styles.count}>
      <Input
        type="number"
        inputMode="numeric"
        min={min}
        max={max}
        required
        value={String(value)}
        onChange={(text) => onChange(Math.min(max, Math.max(min, Math.round(Number(text)) || 0)))}
      />
      <span>{unit}</span>
    </div>
  )
}
