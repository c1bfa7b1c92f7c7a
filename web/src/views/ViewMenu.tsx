/** What can be done with one view: the menu of its row in the list and of its name in the toolbar. */
import {
  ArrowDown,
  ArrowUp,
  CopyPlus,
  FolderInput,
  FolderPlus,
  Link2,
  Lock,
  LockOpen,
  Pencil,
  Star,
  StarOff,
  Text,
  Trash2,
  UserRound,
} from 'lucide-react'
import type { View } from '../api/types'
import { MenuGroup, MenuItem, MenuSeparator } from '../ui/Menu'

export interface ViewDeeds {
  readonly rename: () => void
  readonly describe: () => void
  readonly duplicate: (personal: boolean) => void
  readonly star: () => void
  readonly lock: () => void
  readonly move: (section: string) => void
  readonly newSection: () => void
  readonly step: (by: -1 | 1) => void
  readonly copyLink: () => void
  readonly remove: () => void
}

interface ViewMenuProps {
  view: View
  sections: readonly string[]
  /** Whether this person may lock and unlock it. */
  keyHolder: boolean
  /** Whether it is the last shared view, which stays. */
  only: boolean
  deeds: ViewDeeds
}

export function ViewMenuItems({ view, sections, keyHolder, only, deeds }: ViewMenuProps) {
  const fixed = view.locked
  const others = sections.filter((name) => name !== view.section)
  return (
    <>
      <MenuItem icon={view.starred ? <StarOff size={14} /> : <Star size={14} />} onSelect={deeds.star}>
        {view.starred ? 'Remove from favourites' : 'Add to favourites'}
      </MenuItem>
      <MenuItem icon={<Link2 size={14} />} onSelect={deeds.copyLink}>
        Copy link
      </MenuItem>
      <MenuSeparator />
      <MenuItem icon={<Pencil size={14} />} disabled={fixed} onSelect={deeds.rename}>
        Rename
      </MenuItem>
      <MenuItem icon={<Text size={14} />} disabled={fixed} onSelect={deeds.describe}>
        Edit description
      </MenuItem>
      <MenuItem icon={<CopyPlus size={14} />} onSelect={() => deeds.duplicate(view.owner !== null)}>
        Duplicate
      </MenuItem>
      {view.owner === null && (
        <MenuItem icon={<UserRound size={14} />} onSelect={() => deeds.duplicate(true)}>
          Copy as a personal view
        </MenuItem>
      )}
      <MenuItem
        icon={fixed ? <LockOpen size={14} /> : <Lock size={14} />}
        disabled={!keyHolder}
        {...(keyHolder ? {} : { hint: 'admins and its maker' })}
        onSelect={deeds.lock}
      >
        {fixed ? 'Unlock' : 'Lock'}
      </MenuItem>
      <MenuSeparator />
      <MenuGroup label="Place in the list">
        <MenuItem icon={<ArrowUp size={14} />} disabled={fixed} onSelect={() => deeds.step(-1)}>
          Move up
        </MenuItem>
        <MenuItem icon={<ArrowDown size={14} />} disabled={fixed} onSelect={() => deeds.step(1)}>
          Move down
        </MenuItem>
        {others.map((name) => (
          <MenuItem key={name} icon={<FolderInput size={14} />} disabled={fixed} onSelect={() => deeds.move(name)}>
            {name === '' ? 'Take out of its section' : `Move to “${name}”`}
          </MenuItem>
        ))}
        <MenuItem icon={<FolderPlus size={14} />} disabled={fixed} onSelect={deeds.newSection}>
          Move to a new section…
        </MenuItem>
      </MenuGroup>
      <MenuSeparator />
      <MenuItem icon={<Trash2 size={14} />} danger disabled={fixed || only} onSelect={deeds.remove}>
        {only ? 'The last shared view stays' : 'Delete'}
      </MenuItem>
    </>
  )
}
