/** What a page shows instead of data: skeletons while it loads, notices, empty states, progress. */
import { AlertTriangle, CheckCircle2, Info, XCircle } from 'lucide-react'
import type { ReactNode } from 'react'
import { cx } from './classes'
import styles from './Feedback.module.css'

export function Skeleton({
  width,
  height = 12,
  className,
}: {
  width?: number | string
  height?: number
  className?: string
}) {
  return (
    <span className={cx(styles.skeleton, className)} style={{ width, height }} aria-hidden="true" data-skeleton="" />
  )
}

/** A column of skeleton lines, said once to screen readers. */
export function SkeletonLines({ count = 4, height = 12 }: { count?: number; height?: number }) {
  const widths = ['92%', '74%', '84%', '61%', '79%', '68%']
  return (
    <div className={styles.lines} role="status" aria-label="Loading">
      {Array.from({ length: count }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines never change places
        <Skeleton key={index} width={widths[index % widths.length]} height={height} />
      ))}
    </div>
  )
}

const TONE_ICON = { info: Info, warning: AlertTriangle, danger: XCircle, success: CheckCircle2 }

interface NoticeProps {
  tone?: keyof typeof TONE_ICON
  title?: ReactNode
  action?: ReactNode
  children?: ReactNode
}

export function Notice({ tone = 'info', title, action, children }: NoticeProps) {
  const Icon = TONE_ICON[tone]
  return (
    <div className={cx(styles.notice, styles[tone])} role={tone === 'danger' ? 'alert' : 'status'}>
      <Icon size={16} className={styles.noticeIcon} aria-hidden="true" />
      <div className={styles.noticeBody}>
        {title && <strong>{title}</strong>}
        {children && <div className={styles.noticeText}>{children}</div>}
      </div>
      {action}
    </div>
  )
}

interface EmptyStateProps {
  icon?: ReactNode
  title: string
  text?: ReactNode
  actions?: ReactNode
  /** `h1` when it is all that the page shows. */
  heading?: 'h1' | 'h2'
}

/** Says what is not there, and offers what to do about it. */
export function EmptyState({ icon, title, text, actions, heading: Heading = 'h2' }: EmptyStateProps) {
  return (
    <div className={styles.empty}>
      {icon && (
        <div className={styles.emptyIcon} aria-hidden="true">
          {icon}
        </div>
      )}
      <Heading className={styles.emptyTitle}>{title}</Heading>
      {text && <p className={styles.emptyText}>{text}</p>}
      {actions && <div className={styles.emptyActions}>{actions}</div>}
    </div>
  )
}

/** How far a long job has come; without a total it says only that it runs. */
export function Progress({ done, total, label }: { done: number; total: number; label: string }) {
  const share = total > 0 ? Math.min(1, done / total) : null
  return (
    <div
      className={styles.track}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={share === null ? undefined : Math.round(share * 100)}
    >
      <div
        className={cx(styles.bar, share === null && styles.unknown)}
        style={share === null ? undefined : { width: `${share * 100}%` }}
      />
    </div>
  )
}

export function Badge({
  tone = 'gray',
  children,
}: {
  tone?: 'gray' | 'green' | 'yellow' | 'red' | 'blue' | 'purple'
  children: ReactNode
}) {
  return (
    <span className={styles.badge} style={{ background: `var(--pill-${tone}-bg)`, color: `var(--pill-${tone}-fg)` }}>
      {children}
    </span>
  )
}
