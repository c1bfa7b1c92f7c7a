/** Recovery codes, shown once: copied or saved before the dialog closes. */
import { Check, Copy, Download } from 'lucide-react'
import { useState } from 'react'
import { toast } from '../../shell/toasts'
import { Button } from '../../ui/Button'
import { Dialog } from '../../ui/Dialog'
import styles from './SecondFactor.module.css'

export function RecoveryCodesDialog({ codes, onClose }: { codes: string[]; onClose: () => void }) {
  const [copied, setCopied] = useState(false)
  const text = `${codes.join('\n')}\n`

  async function copy() {
    try {
      await navigator.clipboard.writeText(text)
      setCopied(true)
    } catch {
      toast({ text: 'The browser refused to copy. Select the codes and press Ctrl+C.', tone: 'danger' })
    }
  }

  function save() {
    const link = document.createElement('a')
    link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain' }))
    link.download = `recovery-codes-${window.location.hostname}.txt`
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
  }

  return (
    <Dialog
      open
      steady
      onClose={onClose}
      title="Keep these recovery codes"
      text="Each opens your account once when phone or key are lost. They are shown only now: print them, or put them into a password manager."
      foot={
        <Button variant="primary" onClick={onClose}>
          I have kept them
        </Button>
      }
    >
      <ol className={styles.codes}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <div className={styles.keep}>
        <Button icon={copied ? <Check size={14} /> : <Copy size={14} />} onClick={() => void copy()}>
          {copied ? 'Copied' : 'Copy'}
        </Button>
        <Button icon={<Download size={14} />} onClick={save}>
          Save as a file
        </Button>
      </div>
    </Dialog>
  )
}
