/** Something shown once, with a button that copies it. */
import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { toast } from '../../shell/toasts'
import { Button } from '../../ui/Button'
import styles from './Settings.module.css'

export function Secret({ text, label }: { text: string; label: string }) {
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
