/** Says that the person sees something else than the saved view, and offers what to do about it. */
import { useState } from 'react'
import type { Table } from '../api/types'
import type { Workspace } from '../store/workspace'
import { Button } from '../ui/Button'
import { NamePrompt } from './NamePrompt'
import type { OpenView } from './useView'
import styles from './Views.module.css'
import { freeName, makeView } from './viewActions'

interface UnsavedBarProps {
  open: OpenView
  table: Table
  workspace: Workspace
}

export function UnsavedBar({ open, table, workspace }: UnsavedBarProps) {
  const [naming, setNaming] = useState(false)
  const { view, sharing, config } = open
  if (!open.unsaved) return null
  const saveAs = async (name: string) => {
    const { kind, section } = view
    const id = await makeView(workspace, table, { name, kind, personal: true, config, section })
    if (!id) return
    open.discard()
    open.openView(id)
  }
  return (
    <div className={styles.unsaved} role="status">
      <p>
        {sharing === 'locked' ? 'This view is locked. ' : ''}
        Your changes are seen by you only.
      </p>
      <Button size="small" variant="ghost" onClick={open.discard}>
        Discard
      </Button>
      <Button size="small" onClick={() => setNaming(true)}>
        Save as my view
      </Button>
      {sharing === 'shared' && (
        <Button size="small" variant="primary" onClick={open.saveForAll}>
          Save for everyone
        </Button>
      )}
      {naming && (
        <NamePrompt
          title="Save as my view"
          label="Name"
          start={freeName(table.views, `My ${view.name.toLowerCase()}`)}
          action="Save"
          onDone={(name) => void saveAs(name)}
          onClose={() => setNaming(false)}
        />
      )}
    </div>
  )
}
