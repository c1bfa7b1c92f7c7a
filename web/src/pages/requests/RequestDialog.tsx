/** Asks for something new, or changes the words of a wish. */
import { useState } from 'react'
import { api, explain } from '../../api/client'
import { Field, Input, TextArea } from '../../ui/Field'
import { FormDialog } from '../../ui/FormDialog'
import type { FeatureRequest } from './types'

interface RequestDialogProps {
  request: FeatureRequest | undefined
  onClose: () => void
  onSaved: () => void
}

export function RequestDialog({ request, onClose, onSaved }: RequestDialogProps) {
  const [title, setTitle] = useState(request?.title ?? '')
  const [description, setDescription] = useState(request?.description ?? '')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState('')

  const save = async () => {
    setBusy(true)
    try {
      if (request) await api.patch(`/api/feature-requests/${request.id}`, { title, description })
      else await api.post('/api/feature-requests', { title, description })
      onSaved()
      onClose()
    } catch (error) {
      setProblem(explain(error))
      setBusy(false)
    }
  }
  return (
    <FormDialog
      onClose={onClose}
      steady
      size="medium"
      title={request ? 'Edit the request' : 'New feature request'}
      action={request ? 'Save' : 'Ask for it'}
      busy={busy}
      disabled={!title.trim()}
      problem={problem}
      onSubmit={() => void save()}
    >
      <Field label="What is missing?">
        <Input value={title} onChange={setTitle} maxLength={200} placeholder="A map of all investors" autoFocus />
      </Field>
      <Field label="What would you do with it?" hint="A sentence or two help others to see whether they want it too.">
        <TextArea value={description} onChange={setDescription} rows={5} maxLength={10_000} />
      </Field>
    </FormDialog>
  )
}
