/** Asks before something that cannot be undone by a key: `if (await confirm({...}))`. */
import { create } from 'zustand'
import { Button } from '../ui/Button'
import { Dialog } from '../ui/Dialog'

interface ConfirmInput {
  title: string
  text: string
  /** The verb on the button, for example `Remove`. */
  action: string
  danger?: boolean
}

interface ConfirmState {
  asked: (ConfirmInput & { answer: (yes: boolean) => void }) | null
}

const useConfirm = create<ConfirmState>(() => ({ asked: null }))

export function confirm(input: ConfirmInput): Promise<boolean> {
  return new Promise((resolve) => {
    useConfirm.getState().asked?.answer(false)
    const answer = (yes: boolean) => {
      useConfirm.setState({ asked: null })
      resolve(yes)
    }
    useConfirm.setState({ asked: { ...input, answer } })
  })
}

export function ConfirmDialog() {
  const asked = useConfirm((state) => state.asked)
  return (
    <Dialog
      open={asked !== null}
      onClose={() => asked?.answer(false)}
      size="small"
      title={asked?.title ?? ''}
      text={asked?.text}
      foot={
        <>
          <Button autoFocus={asked?.danger} onClick={() => asked?.answer(false)}>
            Cancel
          </Button>
          <Button
            variant={asked?.danger ? 'danger' : 'primary'}
            autoFocus={!asked?.danger}
            onClick={() => asked?.answer(true)}
          >
            {asked?.action}
          </Button>
        </>
      }
    />
  )
}
