/** A line at the end of a list where a name makes a new record; it stays for the next one. */
import { Plus } from 'lucide-react'
import { useState } from 'react'
import styles from './Lists.module.css'

interface AddLineProps {
  label: string
  add: (name: string) => void
}

export function AddLine({ label, add }: AddLineProps) {
  const [text, setText] = useState('')
  return (
    <form
      className={styles.add}
      onSubmit={(event) => {
        event.preventDefault()
        if (text.trim() === '') return
        add(text.trim())
        setText('')
      }}
    >
      <Plus size={14} aria-hidden="true" />
      <input
        value={text}
        placeholder={label}
        aria-label={label}
        maxLength={1000}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return
          event.preventDefault()
          event.stopPropagation()
          if (text === '') event.currentTarget.closest('aside')?.focus()
          setText('')
        }}
      />
    </form>
  )
}
