/** One view in the list: opens it, shows whose it is, can be dragged, renamed in place and has a menu. */
import { Ellipsis, Lock, Star, UserRound } from 'lucide-react'
import { type DragEvent, useState } from 'react'
import type { View } from '../api/types'
import { cx } from '../ui/classes'
import { Menu } from '../ui/Menu'
import { NameInput } from '../ui/NameInput'
import { Tooltip } from '../ui/Tooltip'
import type { ViewTools } from './useViewDeeds'
import { ViewMenuItems } from './ViewMenu'
import styles from './Views.module.css'
import { ViewKindIcon } from './viewKinds'
import { sharingOf } from './viewState'

const DRAGGED = 'application/x-crm-view'

interface ViewRowProps {
  view: View
  current: boolean
  /** Whether the person has unsaved changes in it. */
  changed: boolean
  tools: ViewTools
  /** In the favourites, which have an order of their own. */
  fixed?: boolean
  onOpen: (id: string) => void
}

export function ViewRow({ view, current, changed, tools, fixed, onOpen }: ViewRowProps) {
  const [over, setOver] = useState<'above' | 'below'>()
  const deeds = tools.deedsOf(view)
  if (tools.renaming === view.id && !fixed) {
    return (
      <li className={styles.row}>
        <NameInput
          label="Name of the view"
          className={styles.rename}
          name={view.name}
          onDone={(name) => tools.rename(view, name)}
        />
      </li>
    )
  }

  const half = (event: DragEvent): 'above' | 'below' => {
    const { top, height } = event.currentTarget.getBoundingClientRect()
    return event.clientY < top + height / 2 ? 'above' : 'below'
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(undefined)
    const moved = tools.views.find((one) => one.id === event.dataTransfer.getData(DRAGGED))
    if (!moved || moved.id === view.id) return
    const after = tools.views[tools.views.indexOf(view) + 1]
    tools.place(moved, view.section, half(event) === 'above' ? view.id : (after?.id ?? null))
  }
  return (
    <li
      className={cx(styles.row, current && styles.current, over && styles[over])}
      draggable={!view.locked && !fixed}
      onDragStart={(event) => event.dataTransfer.setData(DRAGGED, view.id)}
      onDragOver={(event) => {
        if (fixed || !event.dataTransfer.types.includes(DRAGGED)) return
        event.preventDefault()
        setOver(half(event))
      }}
      onDragLeave={() => setOver(undefined)}
      onDrop={fixed ? undefined : drop}
    >
      <button
        type="button"
        className={styles.open}
        aria-current={current ? 'page' : undefined}
        onClick={() => onOpen(view.id)}
        onDoubleClick={() => !view.locked && deeds.rename()}
      >
        <ViewKindIcon kind={view.kind} />
        <span className={styles.name}>{view.name}</span>
        {changed && <span className={styles.dot} role="img" aria-label="unsaved changes" />}
        <Sharing view={view} />
      </button>
      {view.starred && !fixed && <Star size={12} className={styles.star} role="img" aria-label="favourite" />}
      <Menu
        label={`Actions for ${view.name}`}
        align="start"
        trigger={
          <button type="button" className={styles.more} aria-label={`Actions for the view ${view.name}`}>
            <Ellipsis size={14} />
          </button>
        }
      >
        <ViewMenuItems
          view={view}
          sections={tools.sections}
          keyHolder={tools.keyHolder(view)}
          only={tools.isOnly(view)}
          deeds={deeds}
        />
      </Menu>
    </li>
  )
}

/** Whose view it is, by icon and, for those who do not see it, by word. Shared ones say so in the toolbar. */
function Sharing({ view }: { view: View }) {
  const sharing = sharingOf(view)
  if (sharing === 'shared') return <span className="visually-hidden">, shared</span>
  const words = sharing === 'locked' ? 'Locked' : 'Personal: only you see it'
  return (
    <Tooltip text={words} side="right">
      <span className={styles.mark} role="img" aria-label={sharing}>
        {sharing === 'locked' ? <Lock size={12} /> : <UserRound size={12} />}
      </span>
    </Tooltip>
  )
}
