/** Password, where one is signed in, and tokens for programs. */
import { useQuery } from '@tanstack/react-query'
import { Laptop, Smartphone } from 'lucide-react'
import { useState } from 'react'
import { api, explain } from '../../api/client'
import { leaveSession, queryClient } from '../../api/queries'
import type { SignInSession } from '../../api/types'
import { confirm } from '../../shell/confirm'
import { toast } from '../../shell/toasts'
import { Button } from '../../ui/Button'
import { Badge, Notice, SkeletonLines } from '../../ui/Feedback'
import { PasswordField } from '../account/PasswordField'
import { MIN_PASSWORD } from '../account/passwordStrength'
import { useAccountForm } from '../account/useAccountForm'
import { describeAgent } from './agent'
import { Ago, Card, Row, SectionTitle } from './parts'
import styles from './Settings.module.css'
import { TokensCard } from './TokensCard'

export function SecuritySection() {
  return (
    <>
      <SectionTitle title="Security" text="Your password, your browsers and your API tokens." />
      <PasswordCard />
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

function SessionsCard() {
  const { data, error } = useQuery({
    queryKey: ['sessions'],
    queryFn: async () => (await api.get<{ sessions: SignInSession[] }>('/api/sessions')).sessions,
  })

  async function end(session: SignInSession) {
    try {
      await api.delete(`/api/sessions/${session.id}`)
      await queryClient.invalidateQueries({ queryKey: ['sessions'] })
    } catch (problem) {
      toast({ text: explain(problem), tone: 'danger' })
    }
  }

  async function endAll() {
    const yes = await confirm({
      title: 'Sign out everywhere?',
      text: 'Every browser you are signed in with, this one too, asks for your password again. API tokens keep working.',
      action: 'Sign out everywhere',
      danger: true,
    })
    if (!yes) return
    try {
      await api.delete('/api/sessions')
      await leaveSession()
    } catch (problem) {
      toast({ text: explain(problem), tone: 'danger' })
    }
  }

  return (
    <Card
      title="Where you are signed in"
      flush
      action={
        <Button size="small" onClick={() => void endAll()}>
          Sign out everywhere
        </Button>
      }
    >
      {error && <Notice tone="danger">{explain(error)}</Notice>}
      {!data && !error && <SkeletonLines count={2} />}
      <ul>
        {data?.map((session) => {
          const agent = describeAgent(session.agent)
          return (
            <Row
              key={session.id}
              lead={agent.phone ? <Smartphone size={18} /> : <Laptop size={18} />}
              title={
                <>
                  {agent.name}
                  {session.current && <Badge tone="green">This browser</Badge>}
                </>
              }
              text={
                <>
                  {session.address} · active <Ago at={session.seen_at} />
                </>
              }
            >
              {!session.current && (
                <Button size="small" variant="ghost" onClick={() => void end(session)}>
                  Sign out
                </Button>
              )}
            </Row>
          )
        })}
      </ul>
    </Card>
  )
}
