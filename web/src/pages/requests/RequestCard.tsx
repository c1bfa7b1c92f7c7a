/** One wish: its votes, what it is about, where it stands, and what may be done with it. */
import { ChevronUp, MoreHorizontal, Pencil, Trash2 } from 'lucide-react'
import { timeAgo } from '../../record/timeAgo'
import { IconButton } from '../../ui/Button'
import { Menu, MenuGroup, MenuItem, MenuRadio, MenuSeparator } from '../../ui/Menu'
import { Pill } from '../../ui/Pill'
import styles from './Requests.module.css'
import { type FeatureRequest, type RequestChange, STATUS_COLORS, STATUS_NAMES, type Status } from './types'

interface RequestCardProps {
  request: FeatureRequest
  admin: boolean
  own: boolean
  onChange: (what: RequestChange) => void
  onEdit: () => void
  onDelete: () => void
}

export function RequestCard({ request, admin, own, onChange, onEdit, onDelete }: RequestCardProps) {
  const votes = `${request.votes} ${request.votes === 1 ? 'vote' : 'votes'}`
  return (
    <li className={styles.card} data-closed={request.status === 'declined' || undefined}>
      <button
        type="button"
        className={styles.vote}
        aria-pressed={request.voted}
        aria-label={request.voted ? `${votes}, one is yours. Take it back` : `${votes}. Vote for it`}
        onClick={() => onChange({ voted: !request.voted })}
      >
        <ChevronUp size={16} aria-hidden="true" />
        {request.votes}
      </button>
      <div className={styles.body}>
        <h2>
          {request.title}
          <Pill name={STATUS_NAMES[request.status]} color={STATUS_COLORS[request.status]} />
        </h2>
        {request.description && <p className={styles.text}>{request.description}</p>}
        <p className={styles.meta}>
          {request.created_by?.name ?? 'The CRM'},{' '}
          <time dateTime={request.created_at} title={new Date(request.created_at).toLocaleString()}>
            {timeAgo(request.created_at)}
          </time>
        </p>
      </div>
      {(admin || own) && (
        <Menu
          align="end"
          label={`What to do with ${request.title}`}
          trigger={
            <IconButton label="More" size="small">
              <MoreHorizontal size={15} />
            </IconButton>
          }
        >
          {admin && (
            <>
              <MenuGroup label="Status">
                <MenuRadio<Status>
                  value={request.status}
                  onChange={(status) => onChange({ status })}
                  options={(Object.keys(STATUS_NAMES) as Status[]).map((value) => ({
                    value,
                    label: STATUS_NAMES[value],
                  }))}
                />
              </MenuGroup>
              <MenuSeparator />
            </>
          )}
          <MenuItem icon={<Pencil size={14} />} onSelect={onEdit}>
            Edit…
          </MenuItem>
          <MenuItem icon={<Trash2 size={14} />} onSelect={onDelete}>
            Delete…
          </MenuItem>
        </Menu>
      )}
    </li>
  )
}
