/** One thing that happened: who, the sentence with what can be opened, the cells, the time, and its undo. */
import {
  Bot,
  Download,
  History,
  KeyRound,
  Lightbulb,
  type LucideIcon,
  Mail,
  MessageSquare,
  Plug,
  RotateCcw,
  Settings2,
  Upload,
  Users,
} from 'lucide-react'
import { Link } from 'wouter'
import { Avatar } from '../../ui/Avatar'
import { IconButton } from '../../ui/Button'
import { Pill } from '../../ui/Pill'
import { paths } from '../paths'
import styles from './Activity.module.css'
import type { Happening, Part } from './types'

const ICONS: Readonly<Record<string, LucideIcon>> = {
  imports: Upload,
  comments: MessageSquare,
  requests: Lightbulb,
  mail: Mail,
  automation: Bot,
  backups: Download,
  people: Users,
  security: KeyRound,
  plugins: Plug,
  system: Settings2,
}
const SHOWN_CELLS = 6

interface EntryProps {
  item: Happening
  fresh: boolean
  onUndo: (item: Happening) => void
}

export function Entry({ item, fresh, onUndo }: EntryProps) {
  const Icon = ICONS[item.group]
  const moment = new Date(item.at)
  const table = item.parts.find((part) => part.table)?.table
  const cells = (item.cells ?? []).length > 1 ? (item.cells ?? []).slice(0, SHOWN_CELLS) : []
  return (
    <li className={styles.entry} data-fresh={fresh || undefined} data-group={item.group}>
      <span className={styles.who}>
        <Avatar id={item.actor?.id ?? 'system'} name={item.actor?.name ?? 'Venture CRM'} size={28} />
        {Icon && (
          <span className={styles.badge}>
            <Icon size={10} aria-hidden="true" />
          </span>
        )}
      </span>
      <div className={styles.body}>
        <p className={styles.sentence}>
          {item.parts.map((part, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the parts never change places
            <SentencePart key={place} part={part} />
          ))}
        </p>
        {item.reason && <p className={styles.reason}>“{item.reason}”</p>}
        {cells.length > 0 && (
          <dl className={styles.cells}>
            {cells.map(([field, before, after]) => (
              <div key={field.id ?? field.text}>
                <dt>{field.text}</dt>
                <dd>
                  {before && (
                    <>
                      <span className={styles.before}>
                        <SentencePart part={before} />
                      </span>
                      <span aria-hidden="true">→</span>
                    </>
                  )}
                  {after ? <SentencePart part={after} /> : <span className={styles.quiet}>empty</span>}
                </dd>
              </div>
            ))}
          </dl>
        )}
      </div>
      <span className={styles.side}>
        {item.version !== undefined && item.version !== null && table && (
          <Link
            href={paths.past(table, item.version)}
            className={styles.then ?? ''}
            aria-label="See the table as it was then"
            title="See the table as it was then"
          >
            <History size={13} aria-hidden="true" />
          </Link>
        )}
        {item.undoable && (
          <IconButton label="Undo this" size="small" className={styles.undo} onClick={() => onUndo(item)}>
            <RotateCcw size={13} />
          </IconButton>
        )}
        <time dateTime={item.at} title={moment.toLocaleString()}>
          {moment.toLocaleTimeString('en', { hour: '2-digit', minute: '2-digit', hour12: false })}
        </time>
      </span>
    </li>
  )
}

function SentencePart({ part }: { part: Part }) {
  switch (part.kind) {
    case 'person':
      return <strong>{part.text}</strong>
    case 'record':
      return part.id && part.table ? (
        <Link href={paths.record(part.table, part.id)} className={styles.link}>
          {part.text}
        </Link>
      ) : (
        <strong>{part.text}</strong>
      )
    case 'table':
      return part.table ? (
        <Link href={paths.table(part.table)} className={styles.link}>
          {part.text}
        </Link>
      ) : (
        <strong>{part.text}</strong>
      )
    case 'value':
      return part.color ? (
        <Pill name={part.text} color={part.color} />
      ) : (
        <span className={styles.value}>{part.text}</span>
      )
    case 'field':
    case 'view':
    case 'thing':
      return <span className={styles.thing}>{part.text}</span>
    default:
      return part.text
  }
}
