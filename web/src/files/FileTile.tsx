/** A file as a small picture, or a tile with the ending of its name. */
import type { AttachedFile } from '../api/types'
import { endingOf, fileUrl, isPicture } from '../grid/kinds/files'
import styles from './Files.module.css'

export function FileTile({ file, size }: { file: AttachedFile; size: number }) {
  if (isPicture(file)) {
    return <img className={styles.tile} src={fileUrl(file)} alt="" width={size} height={size} loading="lazy" />
  }
  return (
    <span className={styles.tile} style={{ width: size, height: size }} aria-hidden="true">
      {endingOf(file.name)}
    </span>
  )
}
