/** Behind three dots: edit or delete what one wrote oneself. */
import { MoreHorizontal, Pencil, Trash2 } from 'lucide-react'
import { IconButton } from '../ui/Button'
import { Menu, MenuItem } from '../ui/Menu'

interface EditMenuProps {
  className?: string
  /** Left out where somebody may only delete. */
  edit?: (() => void) | false
  remove: () => void
}

export function EditMenu({ className, edit, remove }: EditMenuProps) {
  return (
    <Menu
      align="end"
      trigger={
        <IconButton label="More" size="small" className={className ?? ''}>
          <MoreHorizontal size={14} />
        </IconButton>
      }
    >
      {edit && (
        <MenuItem icon={<Pencil size={14} />} onSelect={edit}>
          Edit
        </MenuItem>
      )}
      <MenuItem danger icon={<Trash2 size={14} />} onSelect={remove}>
        Delete
      </MenuItem>
    </Menu>
  )
}
