/** What can be done with the table on screen as a whole: rename, order, import, export, delete. */
import {
  ArrowLeft,
  ArrowRight,
  ChevronDown,
  Combine,
  FileDown,
  FileUp,
  Pencil,
  Plus,
  Trash2,
  Undo2,
} from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useLocation } from 'wouter'
import type { Table } from '../api/types'
import { paths } from '../pages/paths'
import { Menu, MenuItem, MenuSeparator } from '../ui/Menu'
import styles from './Frame.module.css'

const ImportDialog = lazy(async () => ({ default: (await import('../pages/import/ImportDialog')).ImportDialog }))

/** Lets the browser download what the address answers with; the cookie says who asks. */
function download(address: string): void {
  const link = document.createElement('a')
  link.href = address
  link.download = ''
  link.click()
}

export interface TableDeeds {
  rename: () => void
  step: (by: -1 | 1) => void
  first: boolean
  last: boolean
  add: () => void
  remove: () => void
}

/** The closing menu gives the focus back first; what is opened at once would lose it. */
export const later = (open: () => void): unknown => setTimeout(open, 60)

export function TableMenu({ table, deeds }: { table: Table; deeds: TableDeeds }) {
  const [, navigate] = useLocation()
  const [importing, setImporting] = useState(false)
  const address = (format: string) => `/api/tables/${table.id}/export?format=${format}`
  return (
    <>
      <Menu
        trigger={
          <button type="button" className={styles.tabMenu} aria-label={`Menu of ${table.name}`}>
            <ChevronDown size={13} aria-hidden="true" />
          </button>
        }
      >
        <MenuItem icon={<Pencil size={14} />} onSelect={() => later(deeds.rename)}>
          Rename table
        </MenuItem>
        <MenuItem icon={<ArrowLeft size={14} />} disabled={deeds.first} onSelect={() => deeds.step(-1)}>
          Move left
        </MenuItem>
        <MenuItem icon={<ArrowRight size={14} />} disabled={deeds.last} onSelect={() => deeds.step(1)}>
          Move right
        </MenuItem>
        <MenuItem icon={<Plus size={14} />} onSelect={() => later(deeds.add)}>
          New table…
        </MenuItem>
        <MenuSeparator />
        <MenuItem icon={<FileUp size={14} />} onSelect={() => setImporting(true)}>
          Import a CSV…
        </MenuItem>
        <MenuItem icon={<Combine size={14} />} onSelect={() => navigate(paths.duplicates(table.key))}>
          Find duplicates
        </MenuItem>
        <MenuSeparator />
        <MenuItem icon={<FileDown size={14} />} onSelect={() => download(address('csv'))}>
          Download as CSV
        </MenuItem>
        <MenuItem icon={<FileDown size={14} />} onSelect={() => download(address('json'))}>
          Download as JSON
        </MenuItem>
        <MenuSeparator />
        <MenuItem icon={<Undo2 size={14} />} onSelect={() => navigate(paths.trash(table.key))}>
          Deleted {table.name.toLowerCase()}
        </MenuItem>
        {!table.builtin && (
          <MenuItem icon={<Trash2 size={14} />} danger onSelect={deeds.remove}>
            Delete table
          </MenuItem>
        )}
      </Menu>
      {importing && (
        <Suspense>
          <ImportDialog open table={table} onClose={() => setImporting(false)} />
        </Suspense>
      )}
    </>
  )
}
