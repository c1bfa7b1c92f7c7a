/** Signs in with a passkey: alone, or as the second step after the right password. */
import { api } from '../../api/client'
import { showPasskey } from '../../api/passkeys'
import { enterSession } from '../../api/queries'
import type { PasskeyQuestion, Session } from '../../api/types'

/** Signs in by a passkey; `step` is the ticket after the right password. */
export async function signInByPasskey(step?: string): Promise<void> {
  const question = await api.post<PasskeyQuestion>('/api/session/passkey/question', { ticket: step ?? null })
  const credential = await showPasskey(question.options)
  enterSession(
    await api.post<Session>('/api/session/passkey', { ticket: question.ticket, credential, step: step ?? null }),
  )
}
