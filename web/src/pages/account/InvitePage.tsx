/** Takes up an invitation: a name and a password make the account. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link, useLocation } from 'wouter'
import { api, explain } from '../../api/client'
import { enterSession, useSession } from '../../api/queries'
import type { Role, Session } from '../../api/types'
import { Button } from '../../ui/Button'
import { Notice, SkeletonLines } from '../../ui/Feedback'
import { Field, Input } from '../../ui/Field'
import { paths } from '../paths'
import { AccountCard } from './AccountCard'
import styles from './AccountCard.module.css'
import { PasswordField } from './PasswordField'
import { MIN_PASSWORD } from './passwordStrength'
import { useAccountForm } from './useAccountForm'
import { useLinkToken } from './useLinkToken'

interface InviteLook {
  email: string
  role: Role
}

export function InvitePage() {
  const token = useLinkToken()
  const { data: session } = useSession()
  const look = useQuery({
    queryKey: ['invite', token],
    queryFn: () => api.post<InviteLook>('/api/invites/look', { token }),
    enabled: token !== '',
    retry: false,
  })
  const team = session?.settings.name || 'Venture CRM'
  if (token === '' || look.error) {
    return (
      <AccountCard
        title="This invitation does not work"
        text={look.error ? explain(look.error) : 'The link is cut short: its token is missing.'}
        foot={
          <>
            Ask an admin for a new link, or <Link href={paths.signin}>sign in</Link> if you already have an account.
          </>
        }
      />
    )
  }
  return (
    <AccountCard
      title={`Join ${team}`}
      text={look.data && `You were invited as ${look.data.email}${look.data.role === 'admin' ? ', an admin' : ''}.`}
    >
      {look.data ? <AcceptForm token={token} email={look.data.email} /> : <SkeletonLines count={4} height={20} />}
    </AccountCard>
  )
}

function AcceptForm({ token, email }: { token: string; email: string }) {
  const [, navigate] = useLocation()
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const form = useAccountForm(['name', 'password'])
  const send = form.submit(async () => {
    const session = await api.post<Session>('/api/invites/accept', { token, name, password })
    enterSession(session)
    navigate(paths.home, { replace: true })
  })
  return (
    <form className={styles.form} onSubmit={send} noValidate>
      {form.problem && <Notice tone="danger">{form.problem}</Notice>}
      <Field label="Your name" error={form.errorOf('name')}>
        <Input size="large" value={name} onChange={setName} autoComplete="name" required autoFocus />
      </Field>
      <input type="hidden" autoComplete="username" value={email} readOnly />
      <PasswordField value={password} onChange={setPassword} about={[name, email]} error={form.errorOf('password')} />
      <Button
        type="submit"
        variant="primary"
        size="large"
        busy={form.busy}
        disabled={!name || password.length < MIN_PASSWORD}
      >
        Join
      </Button>
    </form>
  )
}
