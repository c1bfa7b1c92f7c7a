/** What can be done with a record on a card: the menu of a right click, or of the menu key. */
import { CopyPlus, Link2, Maximize2, Trash2 } from 'lucide-react'
import { api, explain } from '../../api/client'
import type { RecordAnswer, RecordId } from '../../api/types'
import { canWrite } from '../../grid/kinds'
import { paths } from '../../pages/paths'
import { toast } from '../../shell/toasts'
import type { Rect } from '../../ui/anchor'
import { Menu, MenuItem, MenuSeparator } from '../../ui/Menu'
import type { CardsBodyProps } from './body'
import { makeCard } from './useRows'

export interface AskedCard {
  readonly id: RecordId
  readonly at: Rect
}

export function CardMenu({ asked, onClose, ...props }: CardsBodyProps & { asked: AskedCard; onClose: () => void }) {
  const { model, view, onOpenRecord } = props
  const { table } = model.setting
  const { id, at } = asked
  const one = table.name_one.toLowerCase()
  const link = () => {
    const address = `${window.location.origin}${paths.record(table.key, id)}?view=${view.id}`
    void navigator.clipboard.writeText(address).then(() => toast({ text: `Link to this ${one} copied` }))
  }
  const duplicate = async () => {
    try {
      const { cells } = await api.get<RecordAnswer>(`/api/tables/${table.id}/records/${id}`)
      const written = table.fields.filter((field) => field.archived_at === null && canWrite(field))
      const copy = Object.fromEntries(written.map((field) => [field.id, cells[field.id] ?? null]))
      await makeCard(model, copy, onOpenRecord)
    } catch (error) {
      toast({ text: `The ${one} was not duplicated`, detail: explain(error), tone: 'danger' })
    }
  }
  const remove = () => {
    const text = `${table.name_one} deleted`
    const done = model.workspace.delete(table.id, [id], text)
    toast({ text, action: { label: 'Undo', run: () => model.workspace.undoOne(done) } })
    if (props.openRecord === id) onOpenRecord(undefined)
  }
  return (
    <Menu
      open
      onOpenChange={(open) => !open && onClose()}
      anchor={at}
      label={`Actions for this ${one}`}
      finalFocus={() => document.querySelector<HTMLElement>(`[data-record="${id}"] button`)}
    >
      <MenuItem icon={<Maximize2 size={14} />} hint="Enter" onSelect={() => onOpenRecord(id)}>
        Open {one}
      </MenuItem>
      <MenuItem icon={<Link2 size={14} />} onSelect={link}>
        Copy link
      </MenuItem>
      <MenuItem icon={<CopyPlus size={14} />} onSelect={() => void duplicate()}>
        Duplicate {one}
      </MenuItem>
      <MenuSeparator />
      <MenuItem icon={<Trash2 size={14} />} danger onSelect={remove}>
        Delete {one}
      </MenuItem>
    </Menu>
  )
}
