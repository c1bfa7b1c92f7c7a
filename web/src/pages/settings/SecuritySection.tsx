/** Password, second factors, where one is signed in, and tokens for programs. */

import { useState } from 'react'
import { api } from '../../api/client'
import { queryClient } from '../../api/queries'
import { toast } from '../../shell/toasts'
import { Button } from '../../ui/Button'
import { Notice } from '../../ui/Feedback'
import { PageHead } from '../../ui/Page'
import { PasswordField } from '../account/PasswordField'
import { MIN_PASSWORD } from '../account/passwordStrength'
import { useAccountForm } from '../account/useAccountForm'
import { Card } from './parts'
import { SecondFactorCard } from './SecondFactorCard'
import { SessionsCard } from './SessionsCard'
import styles from './Settings.module.css'
import { TokensCard } from './TokensCard'

export function SecuritySection() {
  return (
    <>
      <PageHead title="Security" text="How you sign in, where you are signed in, and which programs act as you." />
      <PasswordCard />
      <SecondFactorCard />
      <SessionsCard />
      <TokensCard />
    </>
  )
}

function PasswordCard() {
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const form = useAccountForm(['password', 'current_password'])
  const send = form.submit(async () => {
    await api.patch('/api/me', { password: next, current_password: current })
    setCurrent('')
    setNext('')
    toast({ text: 'Password changed', tone: 'success' })
    void queryClient.invalidateQueries({ queryKey: ['sessions'] })
  })
  return (
    <Card title="Password">
      <form className={styles.form} onSubmit={send}>
        {form.problem && <Notice tone="danger">{form.problem}</Notice>}
        <div className={styles.pair}>
          <PasswordField
            label="Current password"
            value={current}
            onChange={setCurrent}
            error={form.errorOf('current_password')}
          />
          <PasswordField
            label="New password"
            value={next}
            onChange={setNext}
            about={[]}
            error={form.errorOf('password')}
          />
        </div>
        <div className={styles.buttons}>
          <Button type="submit" variant="primary" busy={form.busy} disabled={!current || next.length < MIN_PASSWORD}>
            Change password
          </Button>
        </div>
      </form>
    </Card>
  )
}
