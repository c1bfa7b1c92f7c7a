/** The bell: who mentioned, answered or asked something of this person; live, and read once it was opened. */
import { useQuery } from '@tanstack/react-query'
import { Bell, CheckCheck } from 'lucide-react'
import { useState } from 'react'
import { useLocation } from 'wouter'
import type { Notification, Notifications } from '../api/around'
import { api, explain } from '../api/client'
import { queryClient } from '../api/queries'
import { paths } from '../pages/paths'
import { wantPart } from '../record/parts'
import { timeAgo } from '../record/timeAgo'
import { useHappenings, useLiveWorkspace } from '../store/useLive'
import { Avatar } from '../ui/Avatar'
import { Button } from '../ui/Button'
import { Notice, SkeletonLines } from '../ui/Feedback'
import { Popover } from '../ui/Popover'
import styles from './Notifications.module.css'

const KEY = ['notifications'] as const
const DEEDS: Readonly<Record<Notification['kind'], string>> = {
  mention: 'mentioned you on',
  reply: 'answered on',
  assigned: 'gave you the task',
}

export function NotificationBell() {
  const [open, setOpen] = useState(false)
  const [, navigate] = useLocation()
  useLiveWorkspace()
  const { data, error, refetch } = useQuery({
    queryKey: KEY,
    queryFn: () => api.get<Notifications>('/api/notifications'),
  })
  useHappenings(() => void refetch())
  const unread = data?.unread ?? 0
  const mark = async (ids: string[] | null) => {
    const answer = await api.post<Notifications>('/api/notifications/read', { ids }).catch(() => undefined)
    if (answer) queryClient.setQueryData(KEY, answer)
  }
  const go = (note: Notification) => {
    setOpen(false)
    if (!note.read) void mark([note.id])
    if (note.comment) wantPart(note.record, 'comments')
    navigate(paths.record(note.table, note.record))
  }
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      align="end"
      label="Notifications"
      className={styles.popup}
      initialFocus={false}
      trigger={
        <button
          type="button"
          className={styles.bell}
          aria-label={unread > 0 ? `Notifications, ${unread} unread` : 'Notifications'}
        >
          <Bell size={16} aria-hidden="true" />
          {unread > 0 && <span className={styles.count}>{unread > 99 ? '99+' : unread}</span>}
        </button>
      }
    >
      <header className={styles.head}>
        <h2>Notifications</h2>
        {unread > 0 && (
          <Button size="small" variant="ghost" icon={<CheckCheck size={14} />} onClick={() => void mark(null)}>
            Mark all as read
          </Button>
        )}
      </header>
      {error && !data ? (
        <Notice tone="danger">{explain(error)}</Notice>
      ) : !data ? (
        <SkeletonLines count={3} />
      ) : data.notifications.length === 0 ? (
        <p className={styles.empty}>Nothing yet. Mentions, answers and tasks given to you appear here.</p>
      ) : (
        <ul className={styles.list}>
          {data.notifications.map((note) => (
            <li key={note.id}>
              <button
                type="button"
                className={styles.note}
                data-unread={!note.read || undefined}
                onClick={() => go(note)}
              >
                <Avatar id={note.actor?.id ?? 'system'} name={note.actor?.name ?? 'The CRM'} size={26} />
                <span className={styles.said}>
                  <span>
                    <strong>{note.actor?.name ?? 'The CRM'}</strong> {DEEDS[note.kind]}{' '}
                    <strong>{note.name || 'an unnamed record'}</strong>
                  </span>
                  {note.text && <span className={styles.text}>{note.text}</span>}
                  <time dateTime={note.at}>{timeAgo(note.at)}</time>
                </span>
                {!note.read && <span className={styles.dot} role="img" aria-label="Unread" />}
              </button>
            </li>
          ))}
        </ul>
      )}
    </Popover>
  )
}
