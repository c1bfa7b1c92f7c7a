/** The certificate of a backup: what was looked at when it was restored into a scratch folder, and what is in it. */
import { format } from 'date-fns'
import { CheckCircle2, XCircle } from 'lucide-react'
import { Button } from '../../../ui/Button'
import { Dialog } from '../../../ui/Dialog'
import styles from './Backups.module.css'
import { type Backup, sizeText, stepText } from './wire'

export function CertificateDialog({ backup, onClose }: { backup: Backup; onClose: () => void }) {
  const { proof } = backup
  if (!proof) return null
  const when = format(new Date(proof.at), 'd MMMM yyyy, HH:mm:ss')
  return (
    <Dialog
      open
      onClose={onClose}
      size="medium"
      title={proof.ok ? 'This backup works' : 'This backup did not pass'}
      text={`Restored into a scratch folder on ${when}, by version ${proof.app}, in ${proof.seconds.toFixed(1)} s.`}
      foot={
        <Button variant="primary" autoFocus onClick={onClose}>
          Done
        </Button>
      }
    >
      <ol className={styles.steps}>
        {proof.steps.map((step) => (
          <li key={step.name} data-ok={step.ok}>
            {step.ok ? <CheckCircle2 size={16} /> : <XCircle size={16} />}
            <div>
              <strong>{stepText(step.name)}</strong>
              <span>{step.detail}</span>
            </div>
            <small>{step.seconds.toFixed(2)} s</small>
          </li>
        ))}
      </ol>
      <dl className={styles.facts}>
        <dt>Made</dt>
        <dd>
          {format(new Date(backup.created_at), 'd MMMM yyyy, HH:mm:ss')} by version {backup.app}
        </dd>
        <dt>Holds</dt>
        <dd>
          {backup.rows.toLocaleString()} rows in {backup.tables} tables, {backup.history_entries.toLocaleString()}{' '}
          entries of history, {sizeText(backup.size)}
        </dd>
        <dt>Schema</dt>
        <dd>
          {Object.entries(backup.revisions)
            .map(([owner, revision]) => `${owner} ${revision}`)
            .join(', ')}
        </dd>
        <dt>SHA-256</dt>
        <dd>
          <code>{backup.sha256}</code>
        </dd>
      </dl>
    </Dialog>
  )
}
