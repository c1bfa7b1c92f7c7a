/** Invites one person and shows the link, once, to send by any way the admin likes. */
import { useState } from 'react'
import { api } from '../../api/client'
import { queryClient } from '../../api/queries'
import type { Invite, Role } from '../../api/types'
import { Field, Input } from '../../ui/Field'
import { FormDialog } from '../../ui/FormDialog'
import { Segments } from '../../ui/Segments'
import { useAccountForm } from '../account/useAccountForm'
import { INVITES } from './PeopleSection'
import { SecretDialog } from './Secret'

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
      <SecretDialog
        title={`Send this link to ${email}`}
        text="It works once and is shown only now. Whoever opens it can make the account, so send it to them alone."
        secret={link}
        copy="Copy link"
        onClose={onClose}
      />
    )
  }
  return (
    <FormDialog
      onClose={onClose}
      title="Invite a person"
      action="Make the link"
      busy={form.busy}
      disabled={!email.includes('@')}
      problem={form.problem}
      onSubmit={send}
    >
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
    </FormDialog>
  )
}
