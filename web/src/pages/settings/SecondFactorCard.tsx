/** Second factors: an authenticator app, passkeys, and the recovery codes for when both are lost. */
import { useQuery } from '@tanstack/react-query'
import { Fingerprint, LifeBuoy, Plus, Smartphone } from 'lucide-react'
import { useState } from 'react'
import { api, explain } from '../../api/client'
import { whyNoPasskeys } from '../../api/passkeys'
import { queryClient, sessionKey } from '../../api/queries'
import type { Passkey, SecondFactor } from '../../api/types'
import { confirm } from '../../shell/confirm'
import { toast } from '../../shell/toasts'
import { Button } from '../../ui/Button'
import { Badge, Notice, SkeletonLines } from '../../ui/Feedback'
import { AppDialog } from './AppDialog'
import { AddPasskeyDialog, RenamePasskeyDialog } from './PasskeyDialogs'
import { Ago, Card, Row } from './parts'
import { RecoveryCodesDialog } from './RecoveryCodesDialog'

export const FACTORS = ['second-factor'] as const

type Open = 'app' | 'passkey' | { codes: string[] } | { rename: Passkey } | null

export function SecondFactorCard() {
  const [open, setOpen] = useState<Open>(null)
  const { data, error } = useQuery({
    queryKey: FACTORS,
    queryFn: () => api.get<SecondFactor>('/api/me/second-factor'),
  })

  /** Shows the recovery codes when there are new ones, and reads anew what is set up. */
  async function done(codes: string[] = []) {
    setOpen(codes.length > 0 ? { codes } : null)
    await queryClient.invalidateQueries({ queryKey: FACTORS })
    // With codes on show the page behind must stay; closing them reads the session anew.
    if (codes.length === 0) await queryClient.invalidateQueries({ queryKey: sessionKey })
  }

  async function act(what: () => Promise<unknown>) {
    try {
      await what()
      await done()
    } catch (problem) {
      toast({ text: explain(problem), tone: 'danger' })
    }
  }

  async function removeApp() {
    const yes = await confirm({
      title: 'Disconnect the authenticator app?',
      text: 'Its codes are not asked for any more, and no longer open your account.',
      action: 'Disconnect',
      danger: true,
    })
    if (yes) await act(() => api.delete('/api/me/app'))
  }

  async function removePasskey(key: Passkey) {
    const yes = await confirm({
      title: `Remove “${key.name}”?`,
      text: 'It no longer opens your account. Delete it on the device too.',
      action: 'Remove',
      danger: true,
    })
    if (yes) await act(() => api.delete(`/api/me/passkeys/${key.id}`))
  }

  async function renewCodes() {
    try {
      const made = await api.post<{ recovery_codes: string[] }>('/api/me/recovery-codes')
      await done(made.recovery_codes)
    } catch (problem) {
      toast({ text: explain(problem), tone: 'danger' })
    }
  }

  const why = whyNoPasskeys()
  const any = data && (data.app_since !== null || data.passkeys.length > 0)
  return (
    <Card
      title="Second factor"
      text="Something besides the password, so that a stolen one opens nothing."
      flush
      action={data && <Badge tone={any ? 'green' : data.required ? 'red' : 'gray'}>{any ? 'On' : 'Off'}</Badge>}
    >
      {error && <Notice tone="danger">{explain(error)}</Notice>}
      {!data && !error && <SkeletonLines count={3} />}
      {data && (
        <ul>
          <Row
            lead={<Smartphone size={18} />}
            title="Authenticator app"
            text={
              data.app_since ? (
                <>
                  connected <Ago at={data.app_since} />
                </>
              ) : (
                'A new six-digit code every 30 seconds, from an app on your phone'
              )
            }
          >
            {data.app_since ? (
              <Button size="small" variant="ghost" onClick={() => void removeApp()}>
                Disconnect
              </Button>
            ) : (
              <Button size="small" onClick={() => setOpen('app')}>
                Set up
              </Button>
            )}
          </Row>
          {data.passkeys.map((key) => (
            <Row
              key={key.id}
              lead={<Fingerprint size={18} />}
              title={key.name}
              text={
                <>
                  passkey for {key.host} · {key.used_at ? 'used ' : 'added '}
                  <Ago at={key.used_at ?? key.created_at} />
                </>
              }
            >
              <Button size="small" variant="ghost" onClick={() => setOpen({ rename: key })}>
                Rename
              </Button>
              <Button size="small" variant="ghost" onClick={() => void removePasskey(key)}>
                Remove
              </Button>
            </Row>
          ))}
          <Row
            lead={data.passkeys.length > 0 ? <Plus size={18} /> : <Fingerprint size={18} />}
            title={data.passkeys.length > 0 ? 'Another passkey' : 'Passkey'}
            text={
              why || 'Your finger, face or PIN on this device, or a security key; signs you in without the password'
            }
          >
            <Button size="small" disabled={why !== ''} onClick={() => setOpen('passkey')}>
              Add a passkey
            </Button>
          </Row>
          {any && (
            <Row
              lead={<LifeBuoy size={18} />}
              title={
                <>
                  Recovery codes
                  {data.recovery_codes_left < 4 && <Badge tone="yellow">{data.recovery_codes_left} left</Badge>}
                </>
              }
              text={`${data.recovery_codes_left} of 10 are unused; each stands in once for a lost phone or key`}
            >
              <Button size="small" variant="ghost" onClick={() => void renewCodes()}>
                New codes
              </Button>
            </Row>
          )}
        </ul>
      )}
      {open === 'app' && <AppDialog onClose={() => setOpen(null)} onDone={(codes) => void done(codes)} />}
      {open === 'passkey' && <AddPasskeyDialog onClose={() => setOpen(null)} onDone={(codes) => void done(codes)} />}
      {open && typeof open === 'object' && 'rename' in open && (
        <RenamePasskeyDialog passkey={open.rename} onClose={() => setOpen(null)} onDone={() => void done()} />
      )}
      {open && typeof open === 'object' && 'codes' in open && (
        <RecoveryCodesDialog codes={open.codes} onClose={() => void done()} />
      )}
    </Card>
  )
}
