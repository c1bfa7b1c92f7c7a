/** What can be done with the table on screen as a whole: import, export, trash. */
import { ChevronDown, FileDown, FileUp, Trash2 } from 'lucide-react'
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

export function TableMenu({ table }: { table: Table }) {
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
        <MenuItem icon={<FileUp size={14} />} onSelect={() => setImporting(true)}>
          Import a CSV…
        </MenuItem>
        <MenuSeparator />
        <MenuItem icon={<FileDown size={14} />} onSelect={() => download(address('csv'))}>
          Download as CSV
        </MenuItem>
        <MenuItem icon={<FileDown size={14} />} onSelect={() => download(address('json'))}>
          Download as JSON
        </MenuItem>
        <MenuSeparator />
        <MenuItem icon={<Trash2 size={14} />} onSelect={() => navigate(paths.trash(table.key))}>
          Deleted {table.name.toLowerCase()}
        </MenuItem>
      </Menu>
      {importing && (
        <Suspense>
          <ImportDialog open table={table} onClose={() => setImporting(false)} />
        </Suspense>
      )}
    </>
  )
}
