/** Says whether everything typed is on the server. */
import { Check, CloudOff, GitMerge, RefreshCw, TriangleAlert } from 'lucide-react'
import { cx } from '../ui/classes'
import { Tooltip } from '../ui/Tooltip'
import styles from './Frame.module.css'
import { type SaveState, useSaveState } from './saveState'

const LOOKS = {
  saved: { icon: Check, text: 'Saved', tone: '' },
  saving: { icon: RefreshCw, text: 'Saving…', tone: '' },
  offline: { icon: CloudOff, text: 'Offline', tone: 'attention' },
  conflict: { icon: GitMerge, text: 'Conflict', tone: 'attention' },
  error: { icon: TriangleAlert, text: 'Not saved', tone: 'trouble' },
} as const

function explainState(state: SaveState): string {
  if (state.detail) return state.detail
  if (state.kind === 'saved') return 'Every change is on the server'
  const edits = `${state.pending} ${state.pending === 1 ? 'change' : 'changes'}`
  if (state.kind === 'offline') return `${edits} kept here, sent when the connection is back`
  return state.kind === 'saving' ? `Sending ${edits}` : `${edits} waiting for you`
}

export function SaveBadge() {
  const state = useSaveState()
  const { icon: Icon, text, tone } = LOOKS[state.kind]
  const content = (
    <>
      <Icon size={13} aria-hidden="true" />
      <span>{state.kind === 'offline' && state.pending > 0 ? `${text} · ${state.pending}` : text}</span>
    </>
  )
  const className = cx(styles.save, tone && styles[tone])
  return (
    <Tooltip text={explainState(state)}>
      {state.open ? (
        <button type="button" className={className} onClick={state.open} data-save-state={state.kind}>
          {content}
        </button>
      ) : (
        <span className={className} role="status" data-save-state={state.kind}>
          {content}
        </span>
      )}
    </Tooltip>
  )
}
