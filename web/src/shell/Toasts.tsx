/** Draws the toasts; they wait while the pointer or the focus is on them. */
import { AlertTriangle, Check, X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button, IconButton } from '../ui/Button'
import { cx } from '../ui/classes'
import styles from './Toasts.module.css'
import { dismissToast, type Toast, useToasts } from './toasts'

export function Toasts() {
  const toasts = useToasts((state) => state.toasts)
  return (
    <section className={styles.stack} aria-label="Messages" aria-live="polite">
      {toasts.map((item) => (
        <ToastCard key={item.id} item={item} />
      ))}
    </section>
  )
}

function ToastCard({ item }: { item: Toast }) {
  const [held, setHeld] = useState(false)
  const duration = item.duration ?? (item.tone === 'danger' ? 10_000 : 6_000)

  useEffect(() => {
    if (held || duration === 0) return
    const timer = setTimeout(() => dismissToast(item.id), duration)
    return () => clearTimeout(timer)
  }, [held, duration, item.id])

  const { action } = item
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the handlers only hold the timer
    <div
      className={cx(styles.toast, item.tone === 'danger' && styles.danger)}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      {item.tone === 'danger' && <AlertTriangle size={15} className={styles.icon} aria-hidden="true" />}
      {item.tone === 'success' && <Check size={15} className={styles.icon} aria-hidden="true" />}
      <div className={styles.text}>
        {item.text}
        {item.detail && <div className={styles.detail}>{item.detail}</div>}
      </div>
      {action && (
        <Button
          size="small"
          variant="ghost"
          className={styles.action}
          onClick={() => {
            dismissToast(item.id)
            action.run()
          }}
        >
          {action.label}
        </Button>
      )}
      <IconButton label="Dismiss" size="small" className={styles.close} onClick={() => dismissToast(item.id)}>
        <X size={14} />
      </IconButton>
    </div>
  )
}
