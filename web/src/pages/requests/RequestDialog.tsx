/** Asks for something new, or changes the words of a wish. */
import { type FormEvent, useState } from 'react'
import { api, explain } from '../../api/client'
import { Button } from '../../ui/Button'
import { Dialog } from '../../ui/Dialog'
import { Notice } from '../../ui/Feedback'
import { Field, Input, TextArea } from '../../ui/Field'
import styles from './Requests.module.css'
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

  const save = async (event: FormEvent) => {
    event.preventDefault()
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
    <Dialog
      open
      onClose={onClose}
      steady
      title={request ? 'Edit the request' : 'New feature request'}
      foot={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" form="request" busy={busy} disabled={!title.trim()}>
            {request ? 'Save' : 'Ask for it'}
          </Button>
        </>
      }
    >
      <form id="request" className={styles.form} onSubmit={(event) => void save(event)} noValidate>
        {problem && <Notice tone="danger">{problem}</Notice>}
        <Field label="What is missing?">
          <Input value={title} onChange={setTitle} maxLength={200} placeholder="A map of all investors" autoFocus />
        </Field>
        <Field label="What would you do with it?" hint="A sentence or two help others to see whether they want it too.">
          <TextArea value={description} onChange={setDescription} rows={5} maxLength={10_000} />
        </Field>
      </form>
    </Dialog>
  )
}
