/** Sign in with e-mail and password. */
import { useState } from 'react'
import { api } from '../../api/client'
import { enterSession, useSession } from '../../api/queries'
import type { Session } from '../../api/types'
import { Button } from '../../ui/Button'
import { Notice } from '../../ui/Feedback'
import { Field, Input } from '../../ui/Field'
import { AccountCard } from './AccountCard'
import styles from './AccountCard.module.css'
import { PasswordField } from './PasswordField'
import { useAccountForm } from './useAccountForm'

export function SignInPage() {
  const { data: session } = useSession()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const form = useAccountForm(['email', 'password'])
  const send = form.submit(async () => enterSession(await api.post<Session>('/api/session', { email, password })))
  return (
    <AccountCard
      title={`Sign in to ${session?.settings.name || 'Venture CRM'}`}
      foot="Accounts are by invitation: ask an admin of your team for a link."
    >
      <form className={styles.form} onSubmit={send} noValidate>
        {form.problem && <Notice tone="danger">{form.problem}</Notice>}
        <Field label="E-mail" error={form.errorOf('email')}>
          <Input
            size="large"
            type="email"
            value={email}
            onChange={setEmail}
            autoComplete="username"
            required
            autoFocus
          />
        </Field>
        <PasswordField value={password} onChange={setPassword} error={form.errorOf('password')} />
        <Button type="submit" variant="primary" size="large" busy={form.busy} disabled={!email || !password}>
          Sign in
        </Button>
      </form>
    </AccountCard>
  )
}
