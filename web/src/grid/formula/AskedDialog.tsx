/** An answer about a field: what was found, and the way to edit the field. */
import { Pencil } from 'lucide-react'
import type { ReactNode } from 'react'
import { explain } from '../../api/client'
import { Button } from '../../ui/Button'
import { Dialog } from '../../ui/Dialog'
import { Notice, SkeletonLines } from '../../ui/Feedback'
import { closeAsked } from './asking'

interface AskedDialogProps {
  title: string
  text: ReactNode
  size: 'medium' | 'large'
  /** What the button to the field's editor says; left out where the field cannot be edited from here. */
  edit?: string | false
  onEdit: () => void
  error: Error | null
  /** Nothing while the answer is on its way. */
  children: ReactNode
}

export function AskedDialog({ title, text, size, edit, onEdit, error, children }: AskedDialogProps) {
  return (
    <Dialog
      open
      onClose={closeAsked}
      size={size}
      title={title}
      text={text}
      foot={
        <>
          {edit && (
            <Button
              icon={<Pencil size={13} />}
              onClick={() => {
                closeAsked()
                onEdit()
              }}
            >
              {edit}
            </Button>
          )}
          <Button variant="primary" autoFocus onClick={closeAsked}>
            Done
          </Button>
        </>
      }
    >
      {error ? <Notice tone="danger">{explain(error)}</Notice> : (children ?? <SkeletonLines count={5} />)}
    </Dialog>
  )
}
