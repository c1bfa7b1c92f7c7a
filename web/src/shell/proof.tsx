/** Asks once more for password, code or passkey, when the server wants that before something grave, and sends it again. */
import { useQuery } from '@tanstack/react-query'
import { KeyRound } from 'lucide-react'
import { useState } from 'react'
import { create } from 'zustand'
import { api, setProofAsker } from '../api/client'
import { showPasskey, whyNoPasskeys } from '../api/passkeys'
import { useSession } from '../api/queries'
import type { FactorWay, PasskeyQuestion } from '../api/types'
import { CodeField, codeIsWhole } from '../pages/account/CodeField'
import { PasswordField } from '../pages/account/PasswordField'
import { useAccountForm } from '../pages/account/useAccountForm'
import { Button } from '../ui/Button'
import { Dialog } from '../ui/Dialog'
import { Notice } from '../ui/Feedback'
import { Or } from '../ui/Or'
import styles from './proof.module.css'

const useAsked = create<{ answer: ((yes: boolean) => void) | null }>(() => ({ answer: null }))

setProofAsker(
  () =>
    new Promise((resolve) => {
      useAsked.getState().answer?.(false)
      useAsked.setState({
        answer: (yes) => {
          useAsked.setState({ answer: null })
          resolve(yes)
        },
      })
    }),
)

export function ProofDialog() {
  const answer = useAsked((state) => state.answer)
  return (
    <Dialog
      open={answer !== null}
      onClose={() => answer?.(false)}
      size="small"
      title="Confirm that it is you"
      text="This step is open to you alone. For the next ten minutes you are not asked again."
    >
      {answer && <ProofForm onDone={() => answer(true)} />}
    </Dialog>
  )
}

function ProofForm({ onDone }: { onDone: () => void }) {
  const { data: session } = useSession()
  const { data: also } = useQuery({
    queryKey: ['proof'],
    queryFn: async () => (await api.get<{ also: FactorWay[] }>('/api/me/proof')).also,
    gcTime: 0,
  })
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const [recovery, setRecovery] = useState(false)
  const form = useAccountForm(['password', 'code'])
  const passkey = useAccountForm([])
  if (!also) return <div className={styles.waiting} />
  const takesCode = also.includes('app') || also.includes('recovery')
  const onPaper = recovery || !also.includes('app')
  const send = form.submit(async () => {
    await api.post('/api/me/proof', { password, ...(takesCode ? { code } : {}) })
    onDone()
  })
  const touch = passkey.submit(async () => {
    const question = await api.post<PasskeyQuestion>('/api/me/proof/question')
    const credential = await showPasskey(question.options)
    await api.post('/api/me/proof', { ticket: question.ticket, credential, ...(password ? { password } : {}) })
    onDone()
  })
  return (
    <form className={styles.form} onSubmit={send} noValidate>
      {(form.problem || passkey.problem) && <Notice tone="danger">{form.problem || passkey.problem}</Notice>}
      {also.includes('passkey') && whyNoPasskeys() === '' && (
        <>
          <Button size="large" icon={<KeyRound size={15} />} busy={passkey.busy} onClick={touch}>
            Use a passkey
          </Button>
          <Or />
        </>
      )}
      <input type="hidden" autoComplete="username" value={session?.user?.email ?? ''} readOnly />
      <PasswordField value={password} onChange={setPassword} error={form.errorOf('password')} autoFocus />
      {takesCode && <CodeField value={code} onChange={setCode} recovery={onPaper} error={form.errorOf('code')} />}
      <div className={styles.foot}>
        {also.includes('app') && also.includes('recovery') && (
          <Button variant="ghost" size="small" onClick={() => setRecovery(!recovery)}>
            {recovery ? 'Use the authenticator app' : 'Use a recovery code'}
          </Button>
        )}
        <Button
          type="submit"
          variant="primary"
          busy={form.busy}
          disabled={!password || (takesCode && !codeIsWhole(code, onPaper))}
        >
          Confirm
        </Button>
      </div>
    </form>
  )
}
