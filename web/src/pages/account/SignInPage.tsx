/** Sign in with e-mail and password, then with a second factor where one is set up; or with a passkey alone. */
import { KeyRound } from 'lucide-react'
import { useState } from 'react'
import { api } from '../../api/client'
import { whyNoPasskeys } from '../../api/passkeys'
import { enterSession, useSession } from '../../api/queries'
import type { SecondStep, Session } from '../../api/types'
import { Button } from '../../ui/Button'
import { Notice } from '../../ui/Feedback'
import { Field, Input } from '../../ui/Field'
import { Or } from '../../ui/Or'
import { AccountCard } from './AccountCard'
import styles from './AccountCard.module.css'
import { PasswordField } from './PasswordField'
import { SecondStepForm } from './SecondStepForm'
import { signInByPasskey } from './signInByPasskey'
import { useAccountForm } from './useAccountForm'

export function SignInPage() {
  const { data: session } = useSession()
  const [step, setStep] = useState<SecondStep | null>(null)
  const team = session?.settings.name || 'Venture CRM'
  if (step) {
    return (
      <AccountCard title="One more step" text={`Your password is right. ${team} asks for a second factor too.`}>
        <SecondStepForm step={step} onBack={() => setStep(null)} />
      </AccountCard>
    )
  }
  return (
    <AccountCard title={`Sign in to ${team}`} foot="Accounts are by invitation: ask an admin of your team for a link.">
      <PasswordForm onStep={setStep} />
    </AccountCard>
  )
}

function PasswordForm({ onStep }: { onStep: (step: SecondStep) => void }) {
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const form = useAccountForm(['email', 'password'])
  const passkey = useAccountForm([])
  const send = form.submit(async () => {
    const session = await api.post<Session>('/api/session', { email, password })
    if (session.second_step) onStep(session.second_step)
    else enterSession(session)
  })
  return (
    <form className={styles.form} onSubmit={send} noValidate>
      {(form.problem || passkey.problem) && <Notice tone="danger">{form.problem || passkey.problem}</Notice>}
      <Field label="E-mail" error={form.errorOf('email')}>
        <Input
          size="large"
          type="email"
          value={email}
          onChange={setEmail}
          autoComplete="username webauthn"
          required
          autoFocus
        />
      </Field>
      <PasswordField value={password} onChange={setPassword} error={form.errorOf('password')} />
      <Button type="submit" variant="primary" size="large" busy={form.busy} disabled={!email || !password}>
        Sign in
      </Button>
      {whyNoPasskeys() === '' && (
        <>
          <Or />
          <Button
            size="large"
            icon={<KeyRound size={15} />}
            busy={passkey.busy}
            onClick={passkey.submit(() => signInByPasskey())}
          >
            Sign in with a passkey
          </Button>
        </>
      )}
    </form>
  )
}
