/** Asks for one name or text, for example of a section. */
import { type FormEvent, useId, useState } from 'react'
import { Button } from '../ui/Button'
import { Dialog } from '../ui/Dialog'
import { Field, Input, TextArea } from '../ui/Field'

interface NamePromptProps {
  title: string
  label: string
  start: string
  action: string
  /** Several lines, and may be empty. */
  long?: boolean
  onDone: (text: string) => void
  onClose: () => void
}

export function NamePrompt({ title, label, start, action, long, onDone, onClose }: NamePromptProps) {
  const [text, setText] = useState(start)
  const form = useId()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onDone(text.trim())
    onClose()
  }
  return (
    <Dialog
      open
      onClose={onClose}
      size="small"
      title={title}
      foot={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" form={form} disabled={!long && text.trim() === ''}>
            {action}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit}>
        <Field label={label}>
          {long ? (
            <TextArea value={text} onChange={setText} maxLength={2000} />
          ) : (
            <Input value={text} onChange={setText} maxLength={200} autoFocus />
          )}
        </Field>
      </form>
    </Dialog>
  )
}
