/** The step after the right password: a code of the app, a passkey, or a recovery code. */
import { KeyRound } from 'lucide-react'
import { useState } from 'react'
import { api } from '../../api/client'
import { whyNoPasskeys } from '../../api/passkeys'
import { enterSession } from '../../api/queries'
import type { FactorWay, SecondStep, Session } from '../../api/types'
import { Button } from '../../ui/Button'
import { Notice } from '../../ui/Feedback'
import styles from './AccountCard.module.css'
import { CodeField, codeIsWhole } from './CodeField'
import { signInByPasskey } from './signInByPasskey'
import { useAccountForm } from './useAccountForm'

const OTHER: Record<FactorWay, string> = {
  app: 'Use the authenticator app',
  passkey: 'Use a passkey',
  recovery: 'Use a recovery code',
}

export function SecondStepForm({ step, onBack }: { step: SecondStep; onBack: () => void }) {
  const ways = step.ways.filter((way) => way !== 'passkey' || whyNoPasskeys() === '')
  const [way, setWay] = useState<FactorWay>(ways[0] ?? 'recovery')
  const [code, setCode] = useState('')
  const form = useAccountForm(['code'])
  const send = form.submit(async () => {
    if (way === 'passkey') await signInByPasskey(step.ticket)
    else enterSession(await api.post<Session>('/api/session/code', { ticket: step.ticket, code }))
  })
  return (
    <form className={styles.form} onSubmit={send} noValidate>
      {form.problem && <Notice tone="danger">{form.problem}</Notice>}
      {way === 'passkey' ? (
        <Button type="submit" variant="primary" size="large" icon={<KeyRound size={15} />} busy={form.busy} autoFocus>
          Use a passkey
        </Button>
      ) : (
        <>
          <CodeField
            value={code}
            onChange={setCode}
            recovery={way === 'recovery'}
            error={form.errorOf('code')}
            autoFocus
          />
          <Button
            type="submit"
            variant="primary"
            size="large"
            busy={form.busy}
            disabled={!codeIsWhole(code, way === 'recovery')}
          >
            Sign in
          </Button>
        </>
      )}
      <div className={styles.others}>
        {ways
          .filter((other) => other !== way)
          .map((other) => (
            <Button
              key={other}
              variant="ghost"
              size="small"
              onClick={() => {
                setCode('')
                setWay(other)
              }}
            >
              {OTHER[other]}
            </Button>
          ))}
        <Button variant="ghost" size="small" onClick={onBack}>
          Back
        </Button>
      </div>
    </form>
  )
}
