/** A name that is changed where it stands: Enter or leaving keeps it, Escape leaves it as it was. */
import { type KeyboardEvent, useEffect, useRef } from 'react'

interface NameInputProps {
  label: string
  name: string
  className?: string
  /** Gets the new name without the blanks round it; the old one when it was left empty or Escape was pressed. */
  onDone: (name: string) => void
}

export function NameInput({ label, name, className, onDone }: NameInputProps) {
  const box = useRef<HTMLInputElement>(null)
  useEffect(() => {
    box.current?.focus()
    box.current?.select()
  }, [])
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Escape') event.currentTarget.value = name
    if (event.key === 'Enter' || event.key === 'Escape') event.currentTarget.blur()
  }
  return (
    <input
      ref={box}
      className={className}
      aria-label={label}
      defaultValue={name}
      size={Math.max(8, name.length)}
      maxLength={200}
      onKeyDown={onKeyDown}
      onBlur={(event) => onDone(event.currentTarget.value.trim() || name)}
    />
  )
}
