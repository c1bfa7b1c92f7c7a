/** One's own name. */

import { useState } from 'react'
import { api } from '../../api/client'
import { queryClient, sessionKey, usersKey, useSession } from '../../api/queries'
import { toast } from '../../shell/toasts'
import { Avatar } from '../../ui/Avatar'
import { Button } from '../../ui/Button'
import { Badge, Notice } from '../../ui/Feedback'
import { Field, Input } from '../../ui/Field'
import { PageHead } from '../../ui/Page'
import { useAccountForm } from '../account/useAccountForm'
import { Card, Row } from './parts'
import styles from './Settings.module.css'

export function ProfileSection() {
  const { data: session } = useSession()
  const user = session?.user
  const [name, setName] = useState(user?.name ?? '')
  const form = useAccountForm(['name'])
  if (!user) return null
  const send = form.submit(async () => {
    await api.patch('/api/me', { name })
    await queryClient.invalidateQueries({ queryKey: sessionKey })
    void queryClient.invalidateQueries({ queryKey: usersKey })
    toast({ text: 'Profile saved', tone: 'success' })
  })
  return (
    <>
      <PageHead title="Profile" text="How the team sees you." />
      <Card flush>
        <ul>
          <Row lead={<Avatar id={user.id} name={user.name} size={40} />} title={user.name} text={user.email}>
            <Badge tone={user.role === 'admin' ? 'purple' : 'gray'}>{user.role === 'admin' ? 'Admin' : 'Member'}</Badge>
          </Row>
        </ul>
      </Card>
      <Card title="Name">
        <form className={styles.form} onSubmit={send}>
          {form.problem && <Notice tone="danger">{form.problem}</Notice>}
          <Field label="Name" hideLabel error={form.errorOf('name')}>
            <Input value={name} onChange={setName} autoComplete="name" />
          </Field>
          <div className={styles.buttons}>
            <Button type="submit" variant="primary" busy={form.busy} disabled={!name.trim() || name === user.name}>
              Save
            </Button>
          </div>
        </form>
      </Card>
    </>
  )
}
