/** What the team says about the record, in threads, the newest last as in a conversation. */
import { useQuery } from '@tanstack/react-query'
import { CornerDownRight } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { Comment, Comments as Page } from '../api/around'
import { api, explain } from '../api/client'
import { queryClient, useSession, useUsers } from '../api/queries'
import type { User } from '../api/types'
import { toast } from '../shell/toasts'
import { useHappenings } from '../store/useLive'
import { Avatar } from '../ui/Avatar'
import { Button } from '../ui/Button'
import { Notice, SkeletonLines } from '../ui/Feedback'
import styles from './Comments.module.css'
import { Composer } from './Composer'
import { EditMenu } from './EditMenu'
import { fromWire, pieces } from './mentions'
import { timeAgo } from './timeAgo'

interface CommentsProps {
  /** `/api/tables/…/records/…` */
  base: string
  locked: boolean
}

export function useComments(base: string) {
  const query = useQuery({
    queryKey: ['comments', base],
    queryFn: () => api.get<Page>(`${base}/comments`, { query: { limit: 200 } }),
    staleTime: 0,
  })
  useHappenings(() => void query.refetch())
  return query
}

export function Comments({ base, locked }: CommentsProps) {
  const { data, error } = useComments(base)
  const { data: people = [] } = useUsers()
  const end = useRef<HTMLDivElement>(null)
  const newest = data?.comments[0]?.id
  useEffect(() => {
    if (newest !== undefined) end.current?.scrollIntoView({ block: 'nearest' })
  }, [newest])

  const write = async (body: string, reply_to: string | null) =>
    attempt('The comment was not saved', () => api.post(`${base}/comments`, { body, reply_to }))
  if (error) return <Notice tone="danger">{explain(error)}</Notice>
  if (!data) return <SkeletonLines count={4} />
  const threads = threadsOf(data.comments)
  return (
    <div className={styles.comments}>
      {threads.length === 0 && (
        <p className={styles.nothing}>Nobody has said anything yet. A comment is seen by the whole team.</p>
      )}
      <ol className={styles.threads}>
        {threads.map((thread) => (
          <Thread key={thread[0]?.id} thread={thread} people={people} locked={locked} write={write} />
        ))}
      </ol>
      <div ref={end} />
      {!locked && (
        <Composer
          label="Write a comment"
          people={people}
          draft={`comment ${base}`}
          send={(body) => write(body, null)}
        />
      )}
    </div>
  )
}

/** Comments oldest first, each with its answers behind it; an answer whose thread is gone stands by itself. */
export function threadsOf(comments: readonly Comment[]): Comment[][] {
  const threads = new Map<string, Comment[]>()
  const oldest = [...comments].reverse()
  for (const one of oldest) if (one.reply_to === null) threads.set(one.id, [one])
  for (const one of oldest) {
    if (one.reply_to === null) continue
    const thread = threads.get(one.reply_to)
    if (thread) thread.push(one)
    else threads.set(one.id, [one])
  }
  return [...threads.values()]
}

async function attempt(failure: string, work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work()
    await queryClient.invalidateQueries({ queryKey: ['comments'] })
    return true
  } catch (error) {
    toast({ text: failure, detail: explain(error), tone: 'danger' })
    return false
  }
}

interface ThreadProps {
  thread: Comment[]
  people: readonly User[]
  locked: boolean
  write: (body: string, reply_to: string | null) => Promise<boolean>
}

function Thread({ thread, people, locked, write }: ThreadProps) {
  const [answering, setAnswering] = useState(false)
  const first = thread[0]
  if (!first) return null
  return (
    <li className={styles.thread}>
      <Said comment={first} people={people} locked={locked} />
      <div className={styles.answers}>
        {thread.slice(1).map((one) => (
          <Said key={one.id} comment={one} people={people} locked={locked} />
        ))}
        {answering ? (
          <Composer
            label="Write an answer"
            people={people}
            eager
            cancel={() => setAnswering(false)}
            send={async (body) => {
              const done = await write(body, first.id)
              if (done) setAnswering(false)
              return done
            }}
          />
        ) : (
          !locked && (
            <Button
              size="small"
              variant="ghost"
              className={styles.reply ?? ''}
              icon={<CornerDownRight size={13} />}
              onClick={() => setAnswering(true)}
            >
              Reply
            </Button>
          )
        )}
      </div>
    </li>
  )
}

function Said({ comment, people, locked }: { comment: Comment; people: readonly User[]; locked: boolean }) {
  const [editing, setEditing] = useState(false)
  const { data: session } = useSession()
  const who = comment.actor?.name ?? 'The system'
  const mayDelete = comment.mine || session?.user?.role === 'admin'
  const nameOf = (id: string) => people.find((one) => one.id === id)?.name ?? comment.mentions[id]
  const remove = () => void attempt('The comment was not deleted', () => api.delete(`/api/comments/${comment.id}`))
  return (
    <article className={styles.said} aria-label={`Comment by ${who}`} data-comment={comment.id}>
      <Avatar id={comment.actor?.id ?? 'system'} name={who} size={24} />
      <div className={styles.body}>
        <header className={styles.by}>
          <strong>{who}</strong>
          <time dateTime={comment.at} title={new Date(comment.at).toLocaleString()}>
            {timeAgo(comment.at)}
          </time>
          {comment.edited_at && <span className={styles.nothing}>edited</span>}
          {!locked && mayDelete && !editing && (
            <EditMenu className={styles.more} edit={comment.mine && (() => setEditing(true))} remove={remove} />
          )}
        </header>
        {editing ? (
          <Composer
            label="Edit the comment"
            people={people}
            start={fromWire(comment.body, nameOf)}
            eager
            cancel={() => setEditing(false)}
            send={async (body) => {
              const done = await attempt('The comment was not changed', () =>
                api.patch(`/api/comments/${comment.id}`, { body }),
              )
              if (done) setEditing(false)
              return done
            }}
          />
        ) : (
          <MentionText body={comment.body} nameOf={nameOf} />
        )}
      </div>
    </article>
  )
}

export function MentionText({ body, nameOf }: { body: string; nameOf: (id: string) => string | undefined }) {
  return (
    <p className={styles.text}>
      {pieces(body, nameOf).map((piece, index) =>
        piece.user ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text never change places
          <span key={index} className={styles.mention}>
            {piece.text}
          </span>
        ) : (
          piece.text
        ),
      )}
    </p>
  )
}
