/** The secret of a setup or invitation link: behind the `#`, which browsers send to no server and no proxy logs. */
import { useSearch } from 'wouter'

export function useLinkToken(): string {
  const search = useSearch()
  const behind = new URLSearchParams(window.location.hash.slice(1)).get('token')
  // Links made by versions before carried it in the query.
  return behind ?? new URLSearchParams(search).get('token') ?? ''
}
