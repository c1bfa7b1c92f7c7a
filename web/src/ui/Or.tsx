/** A line with “or” in it, between two ways of doing the same. */
import styles from './Field.module.css'

export function Or() {
  return <div className={styles.or}>or</div>
}
