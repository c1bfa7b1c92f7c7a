/** Personal API tokens: made here, shown once, revoked here. */
import { useQuery } from '@tanstack/react-query'
import { KeyRound } from 'lucide-react'
import { useState } from 'react'
import { api, explain } from '../../api/client'
import { queryClient, useSession } from '../../api/queries'
import type { ApiToken } from '../../api/types'
import { confirm } from '../../shell/confirm'
import { toast } from '../../shell/toasts'
import { Button } from '../../ui/Button'
import { Badge, Notice } from '../../ui/Feedback'
import { Field, Input } from '../../ui/Field'
import { FormDialog } from '../../ui/FormDialog'
import { Segments } from '../../ui/Segments'
import { Select } from '../../ui/Select'
import { useAccountForm } from '../account/useAccountForm'
import { Ago, Card, Row } from './parts'
import { SecretDialog } from './Secret'
import styles from './Settings.module.css'

const TOKENS = ['tokens'] as const
const MAY = { read: 'Read', write: 'Read and write', metrics: 'Only metrics' } as const

export function TokensCard() {
  const [making, setMaking] = useState(false)
  const { data, error } = useQuery({
    queryKey: TOKENS,
    queryFn: async () => (await api.get<{ tokens: ApiToken[] }>('/api/tokens')).tokens,
  })

  async function revoke(token: ApiToken) {
    const yes = await confirm({
      title: `Revoke “${token.name}”?`,
      text: 'Programs that use it stop working at once. It cannot be brought back.',
      action: 'Revoke',
      danger: true,
    })
    if (!yes) return
    try {
      await api.delete(`/api/tokens/${token.id}`)
      await queryClient.invalidateQueries({ queryKey: TOKENS })
    } catch (problem) {
      toast({ text: explain(problem), tone: 'danger' })
    }
  }

  return (
    <Card
      title="API tokens"
      text="For scripts and other programs. A token acts as you."
      flush
      action={
        <Button size="small" onClick={() => setMaking(true)}>
          New token
        </Button>
      }
    >
      {error && <Notice tone="danger">{explain(error)}</Notice>}
      <ul>
        {data?.map((token) => (
          <Row
            key={token.id}
            lead={<KeyRound size={16} />}
            title={
              <>
                {token.name}
                <Badge tone={token.scope === 'write' ? 'yellow' : 'gray'}>{MAY[token.scope]}</Badge>
              </>
            }
            text={<TokenFacts token={token} />}
          >
            <Button size="small" variant="ghost" onClick={() => void revoke(token)}>
              Revoke
            </Button>
          </Row>
        ))}
        {data?.length === 0 && <Row title={<span className={styles.rowDetail}>No tokens yet.</span>} />}
      </ul>
      {making && <NewTokenDialog onClose={() => setMaking(false)} />}
    </Card>
  )
}

function TokenFacts({ token }: { token: ApiToken }) {
  return (
    <>
      {token.used_at ? (
        <>
          used <Ago at={token.used_at} />
        </>
      ) : (
        'never used'
      )}
      {token.expires_at ? (
        <>
          {' '}
          · expires <Ago at={token.expires_at} />
        </>
      ) : (
        ' · does not expire'
      )}
    </>
  )
}

const EXPIRY = [
  { value: '30', label: 'In 30 days' },
  { value: '90', label: 'In 90 days' },
  { value: '365', label: 'In a year' },
  { value: 'never', label: 'Never' },
]

function NewTokenDialog({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('')
  const [scope, setScope] = useState<ApiToken['scope']>('read')
  const [expires, setExpires] = useState('90')
  const [secret, setSecret] = useState('')
  const form = useAccountForm(['name'])
  const admin = useSession().data?.user?.role === 'admin'
  const send = form.submit(async () => {
    const body = { name, scope, ...(expires === 'never' ? {} : { expires_in_days: Number(expires) }) }
    setSecret((await api.post<{ secret: string }>('/api/tokens', body)).secret)
    await queryClient.invalidateQueries({ queryKey: TOKENS })
  })
  if (secret) {
    return (
      <SecretDialog
        title="Copy the token now"
        text="It is shown only this once: only its fingerprint is kept."
        secret={secret}
        copy="Copy token"
        onClose={onClose}
      />
    )
  }
  return (
    <FormDialog
      onClose={onClose}
      title="New API token"
      action="Create token"
      busy={form.busy}
      disabled={!name.trim()}
      problem={form.problem}
      onSubmit={send}
    >
      <Field label="Name" hint="What will use it, for example “Monday report”." error={form.errorOf('name')}>
        <Input value={name} onChange={setName} autoFocus />
      </Field>
      <Field label="May">
        <Segments
          label="May"
          value={scope}
          onChange={setScope}
          options={[
            { value: 'read', label: 'Read' },
            { value: 'write', label: 'Read and write' },
            ...(admin ? [{ value: 'metrics' as const, label: 'Only metrics' }] : []),
          ]}
        />
      </Field>
      <Field label="Expires">
        <Select label="Expires" value={expires} onChange={setExpires} options={EXPIRY} />
      </Field>
    </FormDialog>
  )
}
