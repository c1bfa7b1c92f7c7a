/** The files of a value outside the grid: small pictures that open large. */
import type { AttachedFile } from '../api/types'
import styles from './Files.module.css'
import { FileTile } from './FileTile'
import { showFile } from './lightBox'

export function FileList({ files }: { files: readonly AttachedFile[] }) {
  return (
    <span className={styles.list}>
      {files.map((file, index) => (
        <button
          key={`${file.hash} ${file.name}`}
          type="button"
          className={styles.open}
          title={file.name}
          aria-label={`Open ${file.name}`}
          onClick={(event) => {
            event.stopPropagation()
            showFile(files, index)
          }}
        >
          <FileTile file={file} size={48} />
        </button>
      ))}
    </span>
  )
}
