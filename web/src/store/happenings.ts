/** A nudge that something happened on the server, from the live channel to whoever shows the feed. */
const listeners = new Set<() => void>()

export function tellHappening(): void {
  for (const listener of listeners) listener()
}

export function onHappening(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
