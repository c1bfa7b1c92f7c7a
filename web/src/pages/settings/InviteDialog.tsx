/** Invites one person and shows the link, once, to send by any way the admin likes. */
import { useState } from 'react'
import { api } from '../../api/client'
import { queryClient } from '../../api/queries'
import type { Invite, Role } from '../../api/types'
import { Button } from '../../ui/Button'
import { Dialog } from '../../ui/Dialog'
import { Notice } from '../../ui/Feedback'
import { Field, Input } from '../../ui/Field'
import { Segments } from '../../ui/Segments'
import { useAccountForm } from '../account/useAccountForm'
import { INVITES } from './PeopleSection'
import { Secret } from './Secret'
import styles from './Settings.module.css'

export function InviteDialog({ onClose }: { onClose: () => void }) {
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<Role>('member')
  const [link, setLink] = useState('')
  const form = useAccountForm(['email', 'role'])
  const send = form.submit(async () => {
    const answer = await api.post<{ invite: Invite; link: string }>('/api/admin/invites', { email, role })
    // The server may know only its path; the address people use is the one in this window.
    setLink(new URL(answer.link, window.location.origin).href)
    await queryClient.invalidateQueries({ queryKey: INVITES })
  })
  if (link) {
    return (
      <Dialog
        open
        onClose={onClose}
        title={`Send this link to ${email}`}
        text="It works once and is shown only now. Whoever opens it can make the account, so send it to them alone."
        foot={
          <Button variant="primary" onClick={onClose}>
            Done
          </Button>
        }
      >
        <Secret text={link} label="Copy link" />
      </Dialog>
    )
  }
  return (
    <Dialog
      open
      onClose={onClose}
      size="small"
      title="Invite a person"
      foot={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" form="invite" busy={form.busy} disabled={!email.includes('@')}>
            Make the link
          </Button>
        </>
      }
    >
      <form id="invite" className={styles.form} onSubmit={send} noValidate>
        {form.problem && <Notice tone="danger">{form.problem}</Notice>}
        <Field label="E-mail" error={form.errorOf('email')}>
          <Input type="email" value={email} onChange={setEmail} autoFocus />
        </Field>
        <Field
          label="Role"
          hint={
            role === 'admin'
              ? 'Also invites people, switches plugins and changes the settings.'
              : 'Reads and edits everything in the tables.'
          }
        >
          <Segments
            label="Role"
            value={role}
            onChange={setRole}
            options={[
              { value: 'member', label: 'Member' },
              { value: 'admin', label: 'Admin' },
            ]}
          />
        </Field>
      </form>
    </Dialog>
  )
}
