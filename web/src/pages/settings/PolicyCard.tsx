/** What the team demands of its admins, and which hosts of the own network plugins may reach. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, explain } from '../../api/client'
import { queryClient } from '../../api/queries'
import type { SecurityPolicy } from '../../api/types'
import { toast } from '../../shell/toasts'
import { Button } from '../../ui/Button'
import { Notice } from '../../ui/Feedback'
import { Field, TextArea } from '../../ui/Field'
import { Switch } from '../../ui/Switch'
import { useAccountForm } from '../account/useAccountForm'
import { Card } from './parts'
import styles from './Settings.module.css'
import status from './Status.module.css'

const POLICY = ['security-policy'] as const

async function change(set: Partial<SecurityPolicy>): Promise<void> {
  const policy = await api.patch<SecurityPolicy>('/api/admin/security-policy', set)
  queryClient.setQueryData(POLICY, policy)
  void queryClient.invalidateQueries({ queryKey: ['security-status'] })
}

export function PolicyCard() {
  const { data: policy } = useQuery({
    queryKey: POLICY,
    queryFn: () => api.get<SecurityPolicy>('/api/admin/security-policy'),
  })
  if (!policy) return null

  async function demand(what: Partial<SecurityPolicy>) {
    try {
      await change(what)
    } catch (problem) {
      toast({ text: explain(problem), tone: 'danger' })
    }
  }

  return (
    <Card title="Policy">
      <div className={styles.form}>
        <div className={styles.switchRow}>
          <div>
            <strong>Admins need a second factor</strong>
            <small>An admin without one can only set one up, also with an API token.</small>
          </div>
          <Switch
            label="Admins need a second factor"
            checked={policy.admins_need_second_factor}
            onChange={(yes) => void demand({ admins_need_second_factor: yes })}
          />
        </div>
        <div className={styles.switchRow}>
          <div>
            <strong>Members need a second factor</strong>
            <small>The same for everybody else of the team.</small>
          </div>
          <Switch
            label="Members need a second factor"
            checked={policy.members_need_second_factor}
            onChange={(yes) => void demand({ members_need_second_factor: yes })}
          />
        </div>
        <HostsForm key={policy.allowed_hosts.join()} hosts={policy.allowed_hosts} />
      </div>
    </Card>
  )
}

function HostsForm({ hosts }: { hosts: string[] }) {
  const [text, setText] = useState(hosts.join('\n'))
  const form = useAccountForm(['allowed_hosts'])
  const send = form.submit(async () => {
    await change({ allowed_hosts: text.split(/[\s,]+/).filter(Boolean) })
    toast({ text: 'Hosts saved', tone: 'success' })
  })
  return (
    <form className={`${styles.form} ${status.hosts}`} onSubmit={send} noValidate>
      {form.problem && <Notice tone="danger">{form.problem}</Notice>}
      <Field
        label="Hosts of the own network that plugins may reach"
        hint="One a line, for example a machine with local models: spark.local or 192.168.1.20. All others of your network are closed to plugins."
        error={form.errorOf('allowed_hosts')}
      >
        <TextArea value={text} onChange={setText} rows={3} spellCheck={false} />
      </Field>
      <div className={styles.buttons}>
        <Button type="submit" busy={form.busy} disabled={text.trim() === hosts.join('\n')}>
          Save hosts
        </Button>
      </div>
    </form>
  )
}
