/** Says how far the server is with computing many cells anew; gone when there is nothing to compute. */
import { Sigma } from 'lucide-react'
import { useComputing } from '../store/computing'
import { Tooltip } from '../ui/Tooltip'
import styles from './Frame.module.css'

export function ComputingBadge() {
  const { done, total } = useComputing()
  if (total === 0) return null
  const counted = `${done.toLocaleString('en-US')} of ${total.toLocaleString('en-US')} rows are computed`
  return (
    <Tooltip text={counted}>
      <span className={styles.save} role="status">
        <Sigma size={13} aria-hidden="true" />
        <span>Computing {Math.floor((100 * done) / total)}%</span>
      </span>
    </Tooltip>
  )
}
