/** Who may come in: accounts, their roles, and open invitations. Admins only. */

import { useQuery } from '@tanstack/react-query'
import { LogOut, Mail, MoreHorizontal, ShieldOff } from 'lucide-react'
import { useState } from 'react'
import { api, explain } from '../../api/client'
import { queryClient, usersKey, useSession } from '../../api/queries'
import type { Account, Invite, Role } from '../../api/types'
import { confirm } from '../../shell/confirm'
import { toast } from '../../shell/toasts'
import { Avatar } from '../../ui/Avatar'
import { Button, IconButton } from '../../ui/Button'
import { Badge, Notice, SkeletonLines } from '../../ui/Feedback'
import { Menu, MenuItem } from '../../ui/Menu'
import { PageHead } from '../../ui/Page'
import { Select } from '../../ui/Select'
import { InviteDialog } from './InviteDialog'
import { Ago, Card, Row } from './parts'
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
      <PageHead
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
    queryFn: async () => (await api.get<{ users: Account[] }>('/api/admin/users')).users,
  })

  async function change(user: Account, set: Partial<Pick<Account, 'role' | 'active'>>) {
    try {
      await api.patch(`/api/admin/users/${user.id}`, set)
      await queryClient.invalidateQueries({ queryKey: USERS })
      void queryClient.invalidateQueries({ queryKey: usersKey })
    } catch (problem) {
      toast({ text: explain(problem), tone: 'danger' })
    }
  }

  async function switchOff(user: Account) {
    const yes = await confirm({
      title: `Deactivate ${user.name}?`,
      text: 'They are signed out at once and cannot come in. Everything they wrote stays. You can bring them back.',
      action: 'Deactivate',
      danger: true,
    })
    if (yes) await change(user, { active: false })
  }

  async function remove(what: 'sessions' | 'second-factor', user: Account, done: string) {
    try {
      await api.delete(`/api/admin/users/${user.id}/${what}`)
      await queryClient.invalidateQueries({ queryKey: USERS })
      toast({ text: done, tone: 'success' })
    } catch (problem) {
      toast({ text: explain(problem), tone: 'danger' })
    }
  }

  async function resetFactor(user: Account) {
    const yes = await confirm({
      title: `Reset the second factor of ${user.name}?`,
      text: 'For somebody who lost phone, key and recovery codes: make sure that it is really them who asks. They are signed out everywhere and sign in with the password alone.',
      action: 'Reset',
      danger: true,
    })
    if (yes) await remove('second-factor', user, `${user.name} signs in with the password alone now`)
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
                  {user.second_factor && <Badge tone="green">Second factor</Badge>}
                  {!user.active && <Badge tone="red">Deactivated</Badge>}
                </>
              }
              text={
                <>
                  {user.email}
                  {user.sessions > 0 &&
                    ` · ${user.sessions === 1 ? 'one browser' : `${user.sessions} browsers`} signed in`}
                </>
              }
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
                  <Menu
                    align="end"
                    label={`More for ${user.name}`}
                    trigger={
                      <IconButton label={`More for ${user.name}`} size="small" disabled={self}>
                        <MoreHorizontal size={15} />
                      </IconButton>
                    }
                  >
                    <MenuItem
                      icon={<LogOut size={14} />}
                      disabled={user.sessions === 0}
                      onSelect={() => void remove('sessions', user, `${user.name} is signed out everywhere`)}
                    >
                      Sign out everywhere
                    </MenuItem>
                    <MenuItem
                      icon={<ShieldOff size={14} />}
                      disabled={!user.second_factor}
                      onSelect={() => void resetFactor(user)}
                    >
                      Reset second factor
                    </MenuItem>
                  </Menu>
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
