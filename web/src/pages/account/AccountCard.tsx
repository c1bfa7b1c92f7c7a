/** The quiet card that sign in, first setup and invitations share. */
import type { ReactNode } from 'react'
import { useTitle } from '../../shell/useTitle'
import styles from './AccountCard.module.css'

interface AccountCardProps {
  title: string
  text?: ReactNode
  foot?: ReactNode
  children?: ReactNode
}

export function AccountCard({ title, text, foot, children }: AccountCardProps) {
  useTitle(title)
  return (
    <main className={styles.page}>
      <div className={styles.column}>
        <img src="/favicon.svg" alt="" className={styles.logo} />
        <h1 className={styles.title}>{title}</h1>
        {text && <p className={styles.text}>{text}</p>}
        {children && <div className={styles.card}>{children}</div>}
        {foot && <p className={styles.foot}>{foot}</p>}
      </div>
    </main>
  )
}
