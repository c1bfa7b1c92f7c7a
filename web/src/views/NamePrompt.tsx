/** Asks for one name or text, for example of a section. */
import { useState } from 'react'
import { Field, Input, TextArea } from '../ui/Field'
import { FormDialog } from '../ui/FormDialog'

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
  return (
    <FormDialog
      onClose={onClose}
      title={title}
      action={action}
      disabled={!long && text.trim() === ''}
      onSubmit={() => {
        onDone(text.trim())
        onClose()
      }}
    >
      <Field label={label}>
        {long ? (
          <TextArea value={text} onChange={setText} maxLength={2000} />
        ) : (
          <Input value={text} onChange={setText} maxLength={200} autoFocus />
        )}
      </Field>
    </FormDialog>
  )
}
