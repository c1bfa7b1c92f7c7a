/** Comments, notifications, logged activities and the timeline, as they travel (docs/reference/http.md). */
import type { CellValue, RecordId, UserId } from './types'

export interface Who {
  id: UserId
  name: string
}

/** In `body` people stand as `@[usr…]`. */
export interface Comment {
  id: string
  at: string
  actor: Who | null
  body: string
  mentions: Record<UserId, string>
  reply_to: string | null
  edited_at: string | null
  mine: boolean
}

export interface Comments {
  comments: Comment[]
  total: number
}

export type ActivityKind = 'mail' | 'call' | 'note' | 'meeting'
export type TimelineKind = ActivityKind | 'comment' | 'task' | 'change'

export interface Participant {
  role: string
  name: string
  table: string | null
  record: RecordId | null
  user: UserId | null
  email: string | null
}

export interface LoggedActivity {
  id: string
  kind: ActivityKind
  subject: string
  body: string
  at: string
  participants: Participant[]
  logged_by: Who | null
  edited: boolean
  mine: boolean
}

export interface TimelineTask {
  id: RecordId
  title: string
  done: boolean
  assignee: Who | null
  due: string | null
}

export interface RecordChange {
  version: number
  source: string
  reason: string
  kind: string
  before: Record<string, CellValue> | null
  after: Record<string, CellValue> | null
}

export interface TimelineItem {
  id: string
  at: string
  kind: TimelineKind
  actor: Who | null
  activity?: LoggedActivity
  comment?: Comment
  task?: TimelineTask
  change?: RecordChange
}

export interface Timeline {
  items: TimelineItem[]
  next: string | null
  names: Record<RecordId, string>
}

export interface Notification {
  id: string
  at: string
  kind: 'mention' | 'reply' | 'assigned'
  actor: Who | null
  table: string
  record: RecordId
  name: string
  text: string
  comment: string | null
  read: boolean
}

export interface Notifications {
  notifications: Notification[]
  total: number
  unread: number
}
