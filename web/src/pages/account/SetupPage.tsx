/** Makes the first admin, by the one-time link the server printed. */
import { useState } from 'react'
import { useLocation } from 'wouter'
import { api } from '../../api/client'
import { enterSession } from '../../api/queries'
import type { Session } from '../../api/types'
import { Button } from '../../ui/Button'
import { Notice } from '../../ui/Feedback'
import { Field, Input } from '../../ui/Field'
import { paths } from '../paths'
import { AccountCard } from './AccountCard'
import styles from './AccountCard.module.css'
import { PasswordField } from './PasswordField'
import { MIN_PASSWORD } from './passwordStrength'
import { useAccountForm } from './useAccountForm'
import { useLinkToken } from './useLinkToken'

export function SetupPage() {
  const token = useLinkToken()
  const [, navigate] = useLocation()
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const form = useAccountForm(['name', 'email', 'password'])
  if (!token) return <SetupNeededPage />
  const send = form.submit(async () => {
    const session = await api.post<Session>('/api/setup', { token, email, name, password })
    navigate(paths.home, { replace: true })
    enterSession(session)
  })
  return (
    <AccountCard
      title="Welcome to Venture CRM"
      text="Make the first account. It is the admin's: you can invite the rest of the team next."
      foot="Everything stays on this machine. Nothing is sent anywhere else."
    >
      <form className={styles.form} onSubmit={send} noValidate>
        {form.problem && <Notice tone="danger">{form.problem}</Notice>}
        <Field label="Your name" error={form.errorOf('name')}>
          <Input size="large" value={name} onChange={setName} autoComplete="name" required autoFocus />
        </Field>
        <Field label="E-mail" error={form.errorOf('email')}>
          <Input size="large" type="email" value={email} onChange={setEmail} autoComplete="username" required />
        </Field>
        <PasswordField value={password} onChange={setPassword} about={[name, email]} error={form.errorOf('password')} />
        <Button
          type="submit"
          variant="primary"
          size="large"
          busy={form.busy}
          disabled={!name || !email || password.length < MIN_PASSWORD}
        >
          Create the account
        </Button>
      </form>
    </AccountCard>
  )
}

/** Shown when nobody has an account yet and the address carries no setup token. */
export function SetupNeededPage() {
  return (
    <AccountCard
      title="Almost there"
      text="This CRM has no account yet. Open the one-time setup link that the server printed when it started."
    >
      <div className={styles.form}>
        <p>
          Look for a line with <code>/setup#token=…</code> in the window or the log where the server runs.
        </p>
        <p>
          Or make the account on that machine: <code>crm admin create --email you@fund.com --name "Your Name"</code>
        </p>
      </div>
    </AccountCard>
  )
}
