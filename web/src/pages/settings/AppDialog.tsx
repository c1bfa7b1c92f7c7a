/** Connects an authenticator app: a picture to scan, the same as text, and a first code as proof that it worked. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, explain } from '../../api/client'
import { Skeleton } from '../../ui/Feedback'
import { FormDialog } from '../../ui/FormDialog'
import { CodeField, codeIsWhole } from '../account/CodeField'
import { useAccountForm } from '../account/useAccountForm'
import styles from './SecondFactor.module.css'

interface NewApp {
  ticket: string
  secret: string
  address: string
  qr: string
}

export function AppDialog({ onClose, onDone }: { onClose: () => void; onDone: (codes: string[]) => void }) {
  const [code, setCode] = useState('')
  const form = useAccountForm(['code'])
  const { data: app, error } = useQuery({
    queryKey: ['new-app'],
    queryFn: () => api.post<NewApp>('/api/me/app'),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
  })
  const send = form.submit(async () => {
    const made = await api.post<{ recovery_codes: string[] }>('/api/me/app/confirm', { ticket: app?.ticket, code })
    onDone(made.recovery_codes)
  })
  return (
    <FormDialog
      steady
      size="medium"
      onClose={onClose}
      title="Set up an authenticator app"
      text="Scan the picture with an app such as Aegis, Ente Auth, 1Password or Google Authenticator."
      action="Connect"
      busy={form.busy}
      disabled={!app || !codeIsWhole(code, false)}
      problem={error ? explain(error) : form.problem}
      onSubmit={send}
    >
      <div className={styles.scan}>
        {app ? (
          <img
            className={styles.qr}
            src={`data:image/svg+xml;base64,${btoa(app.qr)}`}
            alt="QR code for the authenticator app"
          />
        ) : (
          <Skeleton width={176} height={176} />
        )}
        <div className={styles.typed}>
          <p>Or type this key into the app:</p>
          <code>{app ? app.secret.replace(/(.{4})(?=.)/g, '$1 ') : ' '}</code>
          <p>Codes change every 30 seconds; the times of both devices must be right.</p>
        </div>
      </div>
      <CodeField value={code} onChange={setCode} error={form.errorOf('code')} autoFocus />
    </FormDialog>
  )
}
