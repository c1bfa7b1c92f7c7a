/** Names the tab of the browser: the page first, the team behind it. */
import { useEffect } from 'react'
import { useSession } from '../api/queries'

export function useTitle(page: string): void {
  const { data: session } = useSession()
  const team = session?.settings?.name || 'Venture CRM'
  useEffect(() => {
    document.title = page.includes(team) ? page : `${page} · ${team}`
  }, [page, team])
}
