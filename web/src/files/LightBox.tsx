/** One file large over the page: pictures and PDF are shown, others offered as a download; arrows go through the cell's. */
import { Dialog } from '@base-ui/react/dialog'
import { ChevronLeft, ChevronRight, Download, X } from 'lucide-react'
import { type KeyboardEvent, lazy, Suspense } from 'react'
import type { AttachedFile } from '../api/types'
import { fileUrl, isPdf, isPicture, sizeText } from '../grid/kinds/files'
import { IconButton } from '../ui/Button'
import popup from '../ui/Popup.module.css'
import styles from './Files.module.css'
import { FileTile } from './FileTile'
import { closeLightBox, showFile, useLightBox } from './lightBox'

const PdfPages = lazy(async () => ({ default: (await import('./PdfPages')).PdfPages }))

export function LightBox() {
  const shown = useLightBox((state) => state.shown)
  const file = shown?.files[shown.index]
  const step = (by: number) => {
    if (shown?.files[shown.index + by]) showFile(shown.files, shown.index + by)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowLeft') step(-1)
    else if (event.key === 'ArrowRight') step(1)
    else return
    event.preventDefault()
  }
  return (
    <Dialog.Root open={file !== undefined} onOpenChange={(open) => !open && closeLightBox()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={popup.backdrop} />
        <Dialog.Viewport className={styles.view}>
          <Dialog.Popup className={styles.box} data-modal="" onKeyDown={onKeyDown}>
            {shown && file && (
              <>
                <header className={styles.head}>
                  <Dialog.Title className={styles.title}>{file.name}</Dialog.Title>
                  <span className={styles.size}>
                    {sizeText(file.size)}
                    {shown.files.length > 1 && ` · ${shown.index + 1} of ${shown.files.length}`}
                  </span>
                  <a className={styles.act} href={fileUrl(file, true)} aria-label={`Download ${file.name}`} download>
                    <Download size={16} />
                  </a>
                  <IconButton label="Close" onClick={closeLightBox}>
                    <X size={16} />
                  </IconButton>
                </header>
                <div className={styles.stage}>
                  <Preview key={file.hash} file={file} />
                  {shown.index > 0 && (
                    <IconButton label="Previous file" className={styles.previous} onClick={() => step(-1)}>
                      <ChevronLeft size={18} />
                    </IconButton>
                  )}
                  {shown.index < shown.files.length - 1 && (
                    <IconButton label="Next file" className={styles.next} onClick={() => step(1)}>
                      <ChevronRight size={18} />
                    </IconButton>
                  )}
                </div>
              </>
            )}
          </Dialog.Popup>
        </Dialog.Viewport>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function Preview({ file }: { file: AttachedFile }) {
  if (isPicture(file)) return <img className={styles.picture} src={fileUrl(file)} alt={file.name} />
  if (isPdf(file)) {
    return (
      <Suspense fallback={<p className={styles.none}>Opening…</p>}>
        <PdfPages address={fileUrl(file)} name={file.name} />
      </Suspense>
    )
  }
  return (
    <div className={styles.plain}>
      <FileTile file={file} size={72} />
      <p>There is no preview of this kind of file.</p>
      <a href={fileUrl(file, true)} download>
        Download {file.name}
      </a>
    </div>
  )
}
