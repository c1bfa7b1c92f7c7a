/** Sends an account form and sorts the server's answer into errors by member and one for the whole. */
import { useState } from 'react'
import { ApiError, explain } from '../../api/client'
import { explainPasskey } from '../../api/passkeys'

export interface AccountForm {
  busy: boolean
  /** What is wrong with the whole form, or '' */
  problem: string
  /** What is wrong with a member such as `password`, or undefined */
  errorOf: (member: string) => string | undefined
  submit: (send: () => Promise<void>) => (event?: { preventDefault: () => void }) => void
}

/** Splits an error into one per member of the request body; what points nowhere goes to `problem`. */
export function sortProblem(error: unknown, members: string[]): { problem: string; byMember: Record<string, string> } {
  if (!(error instanceof ApiError)) return { problem: explain(error), byMember: {} }
  const byMember: Record<string, string> = {}
  const items = [...error.errors, { code: error.code, detail: explain(error), pointer: error.pointer }]
  for (const item of items) {
    const member = item.pointer.replace(/^[#/]+/, '').split('/')[0] ?? ''
    if (members.includes(member)) byMember[member] ??= item.detail
  }
  return { problem: Object.keys(byMember).length > 0 ? '' : explain(error), byMember }
}

export function useAccountForm(members: string[]): AccountForm {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState('')
  const [byMember, setByMember] = useState<Record<string, string>>({})

  async function run(send: () => Promise<void>): Promise<void> {
    setBusy(true)
    setProblem('')
    setByMember({})
    try {
      await send()
    } catch (error) {
      const declined = explainPasskey(error)
      const sorted = declined ? { problem: declined, byMember: {} } : sortProblem(error, members)
      setProblem(sorted.problem)
      setByMember(sorted.byMember)
    } finally {
      setBusy(false)
    }
  }

  return {
    busy,
    problem,
    errorOf: (member) => byMember[member],
    submit: (send) => (event) => {
      event?.preventDefault()
      void run(send)
    },
  }
}
