/** The top of a card: the first picture of its attachment field, cut to fill the space or shown whole. */
import { Image } from 'lucide-react'
import { useState } from 'react'
import { endingOf, filesOf, fileUrl, isPicture } from '../../grid/kinds/files'
import type { Cell } from '../../store/cells'
import { cx } from '../../ui/classes'
import styles from './Cards.module.css'

interface CoverProps {
  value: Cell
  fit: 'crop' | 'fit'
  /** Whether a record without files keeps the space, so that cards in a line stay aligned. */
  keep: boolean
}

export function Cover({ value, fit, keep }: CoverProps) {
  const files = filesOf(value)
  const picture = files.find(isPicture)
  const [broken, setBroken] = useState<string>()
  if (picture && broken !== picture.hash) {
    return (
      <span className={styles.cover} data-cover={fit}>
        <img
          className={cx(styles.picture, fit === 'fit' && styles.whole)}
          src={fileUrl(picture)}
          alt=""
          loading="lazy"
          decoding="async"
          draggable={false}
          onError={() => setBroken(picture.hash)}
        />
      </span>
    )
  }
  const file = files[0]
  if (!file && !keep) return null
  return (
    <span className={styles.cover} data-cover="none" aria-hidden="true">
      {file ? <span className={styles.ending}>{endingOf(file.name)}</span> : <Image size={22} strokeWidth={1.5} />}
    </span>
  )
}
