/** Adds a passkey of this device, and gives one another name. */
import { useState } from 'react'
import { api } from '../../api/client'
import { createPasskey } from '../../api/passkeys'
import type { Passkey, PasskeyQuestion } from '../../api/types'
import { Field, Input } from '../../ui/Field'
import { FormDialog } from '../../ui/FormDialog'
import { useAccountForm } from '../account/useAccountForm'
import { describeAgent } from './agent'

interface Made {
  passkey: Passkey
  recovery_codes: string[]
}

export function AddPasskeyDialog({ onClose, onDone }: { onClose: () => void; onDone: (codes: string[]) => void }) {
  return (
    <NameDialog
      title="Add a passkey"
      text="The browser asks next for your finger, face, PIN or security key. Its secret never leaves your device."
      action="Continue"
      name={describeAgent(navigator.userAgent).name}
      onClose={onClose}
      send={async (name) => {
        const question = await api.post<PasskeyQuestion>('/api/me/passkeys/question')
        const credential = await createPasskey(question.options)
        const made = await api.post<Made>('/api/me/passkeys', { ticket: question.ticket, credential, name })
        onDone(made.recovery_codes)
      }}
    />
  )
}

export function RenamePasskeyDialog({
  passkey,
  onClose,
  onDone,
}: {
  passkey: Passkey
  onClose: () => void
  onDone: () => void
}) {
  return (
    <NameDialog
      title="Rename the passkey"
      action="Rename"
      name={passkey.name}
      onClose={onClose}
      send={async (name) => {
        await api.patch(`/api/me/passkeys/${passkey.id}`, { name })
        onDone()
      }}
    />
  )
}

interface NameDialogProps {
  title: string
  text?: string
  action: string
  name: string
  onClose: () => void
  send: (name: string) => Promise<void>
}

function NameDialog({ title, text, action, name: before, onClose, send }: NameDialogProps) {
  const [name, setName] = useState(before)
  const form = useAccountForm(['name'])
  return (
    <FormDialog
      steady
      onClose={onClose}
      title={title}
      text={text}
      action={action}
      busy={form.busy}
      disabled={!name.trim()}
      problem={form.problem}
      onSubmit={form.submit(() => send(name))}
    >
      <Field label="Name" hint="So that you know it again in the list." error={form.errorOf('name')}>
        <Input value={name} onChange={setName} maxLength={60} autoFocus />
      </Field>
    </FormDialog>
  )
}
