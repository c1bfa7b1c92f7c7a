/** The browsers one is signed in with: what, from where, how, when last; each can be signed out. */
import { useQuery } from '@tanstack/react-query'
import { Laptop, Smartphone } from 'lucide-react'
import { api, explain } from '../../api/client'
import { leaveSession, queryClient } from '../../api/queries'
import type { SignInSession } from '../../api/types'
import { confirm } from '../../shell/confirm'
import { toast } from '../../shell/toasts'
import { Button } from '../../ui/Button'
import { Badge, Notice, SkeletonLines } from '../../ui/Feedback'
import { describeAgent } from './agent'
import { Ago, Card, Row } from './parts'
import styles from './Settings.module.css'

export const SESSIONS = ['sessions'] as const

const FACTORS: Record<string, string> = {
  password: 'password',
  passkey: 'passkey',
  app: 'app code',
  recovery: 'recovery code',
}

/** `password+app` as "password and app code". */
export const describeFactors = (factors: string) =>
  factors
    .split('+')
    .map((factor) => FACTORS[factor] ?? factor)
    .join(' and ')

export function SessionsCard() {
  const { data, error } = useQuery({
    queryKey: SESSIONS,
    queryFn: async () => (await api.get<{ sessions: SignInSession[] }>('/api/sessions')).sessions,
  })

  async function end(session: SignInSession) {
    try {
      await api.delete(`/api/sessions/${session.id}`)
      await queryClient.invalidateQueries({ queryKey: SESSIONS })
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

  async function endOthers() {
    try {
      await api.delete('/api/sessions', { query: { keep_this: true } })
      await queryClient.invalidateQueries({ queryKey: SESSIONS })
      toast({ text: 'Signed out in every other browser', tone: 'success' })
    } catch (problem) {
      toast({ text: explain(problem), tone: 'danger' })
    }
  }

  return (
    <Card
      title="Where you are signed in"
      flush
      action={
        <div className={styles.buttons}>
          {data && data.length > 1 && (
            <Button size="small" onClick={() => void endOthers()}>
              Sign out others
            </Button>
          )}
          <Button size="small" onClick={() => void endAll()}>
            Sign out everywhere
          </Button>
        </div>
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
                  {session.address} · {describeFactors(session.factors)} · active <Ago at={session.seen_at} />
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
