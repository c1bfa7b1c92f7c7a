/** What the page on screen offers to the command palette, asked for anew each time the palette opens. */
import { type ReactNode, useEffect, useRef } from 'react'

export interface Command {
  readonly id: string
  readonly label: string
  readonly icon?: ReactNode
  /** The keys that do the same. */
  readonly keys?: string
  readonly run: () => void
}

export interface CommandGroup {
  readonly label: string
  readonly items: readonly Command[]
}

type Offer = () => readonly CommandGroup[]

const offers = new Set<Offer>()

/** Offers commands while the component is on screen. */
export function useCommands(offer: Offer): void {
  const now = useRef(offer)
  now.current = offer
  useEffect(() => {
    const ask: Offer = () => now.current()
    offers.add(ask)
    return () => {
      offers.delete(ask)
    }
  }, [])
}

export function offeredCommands(): CommandGroup[] {
  return [...offers].flatMap((offer) => offer())
}
