/** Something shown once, with a button that copies it. */
import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { toast } from '../../shell/toasts'
import { Button } from '../../ui/Button'
import { Dialog } from '../../ui/Dialog'
import styles from './Settings.module.css'

interface SecretDialogProps {
  title: string
  text: string
  secret: string
  /** What the button that copies it says. */
  copy: string
  onClose: () => void
}

export function SecretDialog({ title, text, secret, copy, onClose }: SecretDialogProps) {
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      text={text}
      foot={
        <Button variant="primary" onClick={onClose}>
          Done
        </Button>
      }
    >
      <Secret text={secret} label={copy} />
    </Dialog>
  )
}

function Secret({ text, label }: { text: string; label: string }) {
  const [copied, setCopied] = useState(false)

  async function copy() {
    try {
      await navigator.clipboard.writeText(text)
      setCopied(true)
    } catch {
      // Without TLS a browser may refuse the clipboard; the text can still be selected by hand.
      toast({ text: 'The browser refused to copy. Select the text and press Ctrl+C.', tone: 'danger' })
    }
  }

  return (
    <div className={styles.secret}>
      <code>{text}</code>
      <Button icon={copied ? <Check size={14} /> : <Copy size={14} />} onClick={() => void copy()}>
        {copied ? 'Copied' : label}
      </Button>
    </div>
  )
}
