/** Asks for a plugin's name before all that it has stored is removed; says afterwards where the snapshot is. */
import { useState } from 'react'
import { api, explain } from '../../api/client'
import { pluginsKey, queryClient } from '../../api/queries'
import type { Plugin, RemovedData } from '../../api/types'
import { Button } from '../../ui/Button'
import { Dialog } from '../../ui/Dialog'
import { Field, Input } from '../../ui/Field'
import { FormDialog } from '../../ui/FormDialog'
import styles from './Settings.module.css'

export function RemoveDataDialog({ plugin, onClose }: { plugin: Plugin; onClose: () => void }) {
  const [removed, setRemoved] = useState<RemovedData | null>(null)
  if (!removed) return <Question plugin={plugin} onClose={onClose} onRemoved={setRemoved} />
  const close = () => {
    // only now: the card of a plugin whose package is gone leaves the page, and this dialog with it
    void queryClient.invalidateQueries({ queryKey: pluginsKey })
    onClose()
  }
  return (
    <Dialog
      open
      onClose={close}
      size="small"
      title={`The data of ${plugin.title} is removed`}
      foot={
        <Button variant="primary" autoFocus onClick={close}>
          Done
        </Button>
      }
    >
      {removed.snapshot || removed.files ? (
        <dl className={styles.kept}>
          {removed.snapshot && <dt>The database as it was</dt>}
          {removed.snapshot && <dd>{removed.snapshot}</dd>}
          {removed.files && <dt>Its files</dt>}
          {removed.files && <dd>{removed.files}</dd>}
        </dl>
      ) : (
        <p>Nothing else of it was stored.</p>
      )}
    </Dialog>
  )
}

interface QuestionProps {
  plugin: Plugin
  onClose: () => void
  onRemoved: (removed: RemovedData) => void
}

function Question({ plugin, onClose, onRemoved }: QuestionProps) {
  const [typed, setTyped] = useState('')
  const [problem, setProblem] = useState('')
  const [busy, setBusy] = useState(false)
  const confirmed = typed.trim() === plugin.name

  async function remove() {
    setBusy(true)
    setProblem('')
    try {
      onRemoved(await api.post<RemovedData>(`/api/plugins/${plugin.name}/remove-data`, { name: plugin.name }))
    } catch (error) {
      setProblem(explain(error))
      setBusy(false)
    }
  }

  return (
    <FormDialog
      onClose={onClose}
      title={`Remove the data of ${plugin.title}?`}
      text="Its tables, settings and files are removed from the CRM. A snapshot is kept in the folder snapshots of the data folder."
      action="Remove data"
      danger
      busy={busy}
      disabled={!confirmed}
      problem={problem}
      onSubmit={() => void remove()}
    >
      <Field
        label={
          <>
            Type <code>{plugin.name}</code> to confirm
          </>
        }
      >
        <Input value={typed} onChange={setTyped} autoComplete="off" autoCapitalize="none" spellCheck={false} />
      </Field>
    </FormDialog>
  )
}
