/** The files of a cell: seen, opened, added by picking, dropping or pasting, taken away. Each step is saved at once. */
import { Download, Plus, X } from 'lucide-react'
import { type DragEvent, type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { AttachedFile } from '../../api/types'
import { attach, putFiles } from '../../files/attaching'
import styles from '../../files/Files.module.css'
import { FileTile } from '../../files/FileTile'
import { showFile } from '../../files/lightBox'
import { Button, IconButton } from '../../ui/Button'
import { cx } from '../../ui/classes'
import { filesOf, fileUrl, sizeText } from '../kinds/files'
import type { EditorProps } from './editor'

const WIDTH = 320

export function AttachmentEditor({ field, record, value, at, workspace, cancel, onLeave }: EditorProps) {
  const [files, setFiles] = useState<readonly AttachedFile[]>(() => filesOf(value))
  const [busy, setBusy] = useState(false)
  const [over, setOver] = useState(false)
  const box = useRef<HTMLDivElement>(null)
  const input = useRef<HTMLInputElement>(null)
  const latest = useRef(files)
  latest.current = files

  useLayoutEffect(() => box.current?.focus({ preventScroll: true }), [])
  useEffect(() =>
    onLeave(() => {
      cancel()
      return true
    }),
  )

  const add = async (given: readonly File[]) => {
    if (given.length === 0) return
    setBusy(true)
    const current = () => [...latest.current]
    setFiles(await attach({ workspace, field, record, current }, given))
    setBusy(false)
    box.current?.focus({ preventScroll: true })
  }
  const remove = (file: AttachedFile) => {
    const left = files.filter((one) => one !== file)
    setFiles(left)
    putFiles(workspace, field, record, left, `Remove ${file.name}`)
    box.current?.focus({ preventScroll: true })
  }
  const open = (index: number) => {
    cancel()
    showFile(files, index)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation()
    if (event.key === 'Escape' || (event.key === 'Enter' && event.target === box.current)) {
      event.preventDefault()
      cancel()
    }
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    void add([...event.dataTransfer.files])
  }
  const top = Math.max(8, Math.min(at.y, window.innerHeight - 340))
  return (
    <section
      ref={box}
      tabIndex={-1}
      aria-label={field.name}
      className={cx(styles.editor, over && styles.over)}
      style={{ left: Math.max(8, Math.min(at.x, window.innerWidth - WIDTH - 12)), top, width: WIDTH }}
      onKeyDown={onKeyDown}
      onPaste={(event) => void add([...event.clipboardData.files])}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      {files.length === 0 && <p className={styles.none}>Drop files here, paste them, or pick some.</p>}
      <ul className={styles.files}>
        {files.map((file, index) => (
          <li key={`${file.hash} ${file.name}`}>
            <button type="button" className={styles.open} aria-label={`Open ${file.name}`} onClick={() => open(index)}>
              <FileTile file={file} size={36} />
              <span className={styles.words}>
                <span className={styles.name}>{file.name}</span>
                <span className={styles.size}>{sizeText(file.size)}</span>
              </span>
            </button>
            <a className={styles.act} href={fileUrl(file, true)} aria-label={`Download ${file.name}`} download>
              <Download size={14} />
            </a>
            <IconButton label={`Remove ${file.name}`} size="small" onClick={() => remove(file)}>
              <X size={14} />
            </IconButton>
          </li>
        ))}
      </ul>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={`Files for ${field.name}`}
        onChange={(event) => {
          void add([...(event.currentTarget.files ?? [])])
          event.currentTarget.value = ''
        }}
      />
      <Button size="small" icon={<Plus size={13} />} busy={busy} onClick={() => input.current?.click()}>
        Add files
      </Button>
    </section>
  )
}
