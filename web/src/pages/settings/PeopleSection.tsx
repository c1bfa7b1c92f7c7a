/** Who may come in: accounts, their roles, and open invitations. Admins only. */
import { useQuery } from '@tanstack/react-query'
import { Mail } from 'lucide-react'
import { useState } from 'react'
import { api, explain } from '../../api/client'
import { queryClient, usersKey, useSession } from '../../api/queries'
import type { Invite, Role, User } from '../../api/types'
import { confirm } from '../../shell/confirm'
import { toast } from '../../shell/toasts'
import { Avatar } from '../../ui/Avatar'
import { Button } from '../../ui/Button'
import { Badge, Notice, SkeletonLines } from '../../ui/Feedback'
import { Select } from '../../ui/Select'
import { InviteDialog } from './InviteDialog'
import { Ago, Card, Row, SectionTitle } from './parts'
import styles from './Settings.module.css'

const USERS = ['admin', 'users'] as const
export const INVITES = ['admin', 'invites'] as const

const ROLES: { value: Role; label: string }[] = [
  { value: 'member', label: 'Member' },
  { value: 'admin', label: 'Admin' },
]

export function PeopleSection() {
  const [inviting, setInviting] = useState(false)
  return (
    <>
      <SectionTitle
        title="People"
        text="Nobody signs up by themselves: you invite them."
        action={
          <Button variant="primary" icon={<Mail size={14} />} onClick={() => setInviting(true)}>
            Invite
          </Button>
        }
      />
      <UsersCard />
      <InvitesCard />
      {inviting && <InviteDialog onClose={() => setInviting(false)} />}
    </>
  )
}

function UsersCard() {
  const { data: session } = useSession()
  const { data, error } = useQuery({
    queryKey: USERS,
    queryFn: async () => (await api.get<{ users: User[] }>('/api/admin/users')).users,
  })

  async function change(user: User, set: Partial<Pick<User, 'role' | 'active'>>) {
    try {
      await api.patch(`/api/admin/users/${user.id}`, set)
      await queryClient.invalidateQueries({ queryKey: USERS })
      void queryClient.invalidateQueries({ queryKey: usersKey })
    } catch (problem) {
      toast({ text: explain(problem), tone: 'danger' })
    }
  }

  async function switchOff(user: User) {
    const yes = await confirm({
      title: `Deactivate ${user.name}?`,
      text: 'They are signed out at once and cannot come in. Everything they wrote stays. You can bring them back.',
      action: 'Deactivate',
      danger: true,
    })
    if (yes) await change(user, { active: false })
  }

  return (
    <Card flush>
      {error && <Notice tone="danger">{explain(error)}</Notice>}
      {!data && !error && <SkeletonLines count={3} />}
      <ul>
        {data?.map((user) => {
          const self = user.id === session?.user?.id
          return (
            <Row
              key={user.id}
              lead={<Avatar id={user.id} name={user.name} size={32} />}
              title={
                <>
                  {user.name}
                  {self && <Badge>You</Badge>}
                  {!user.active && <Badge tone="red">Deactivated</Badge>}
                </>
              }
              text={user.email}
            >
              {user.active ? (
                <>
                  <Select
                    label={`Role of ${user.name}`}
                    className={styles.roleSelect}
                    size="small"
                    value={user.role}
                    onChange={(role) => void change(user, { role })}
                    options={ROLES}
                    disabled={self}
                  />
                  <Button size="small" variant="ghost" disabled={self} onClick={() => void switchOff(user)}>
                    Deactivate
                  </Button>
                </>
              ) : (
                <Button size="small" onClick={() => void change(user, { active: true })}>
                  Bring back
                </Button>
              )}
            </Row>
          )
        })}
      </ul>
    </Card>
  )
}

function InvitesCard() {
  const { data } = useQuery({
    queryKey: INVITES,
    queryFn: async () => (await api.get<{ invites: Invite[] }>('/api/admin/invites')).invites,
  })

  async function revoke(invite: Invite) {
    try {
      await api.delete(`/api/admin/invites/${invite.id}`)
      await queryClient.invalidateQueries({ queryKey: INVITES })
    } catch (problem) {
      toast({ text: explain(problem), tone: 'danger' })
    }
  }

  if (!data || data.length === 0) return null
  return (
    <Card title="Open invitations" flush>
      <ul>
        {data.map((invite) => (
          <Row
            key={invite.id}
            lead={<Mail size={16} />}
            title={
              <>
                {invite.email}
                {invite.role === 'admin' && <Badge tone="purple">Admin</Badge>}
              </>
            }
            text={
              <>
                expires <Ago at={invite.expires_at} />
              </>
            }
          >
            <Button size="small" variant="ghost" onClick={() => void revoke(invite)}>
              Withdraw
            </Button>
          </Row>
        ))}
      </ul>
    </Card>
  )
}
