/** A name that is changed where it stands: Enter or leaving keeps it, Escape leaves it as it was. */
import { type FocusEvent, type KeyboardEvent, useEffect, useRef } from 'react'

interface NameInputProps {
  label: string
  name: string
  className?: string
  /** Gets the new name without the blanks round it; the old one when it was left empty or Escape was pressed. */
  onDone: (name: string) => void
}

export function NameInput({ label, name, className, onDone }: NameInputProps) {
  const box = useRef<HTMLInputElement>(null)
  const left = useRef(false)
  useEffect(() => {
    box.current?.focus()
    box.current?.select()
    const pressed = () => {
      left.current = true
    }
    document.addEventListener('pointerdown', pressed, { capture: true })
    return () => document.removeEventListener('pointerdown', pressed, { capture: true })
  }, [])
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Escape') event.currentTarget.value = name
    left.current ||= ['Enter', 'Escape', 'Tab'].includes(event.key)
    if (event.key === 'Enter' || event.key === 'Escape') event.currentTarget.blur()
  }
  const onBlur = ({ currentTarget }: FocusEvent<HTMLInputElement>) => {
    // The menu that opened it gives the focus back when it has closed, which on a busy computer is later than this.
    if (left.current) onDone(currentTarget.value.trim() || name)
    else requestAnimationFrame(() => currentTarget.focus())
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
      onBlur={onBlur}
    />
  )
}
