/** The fields and functions that a word can be completed to, with what the chosen one does beside it. */
import { useEffect, useRef } from 'react'
import { KindIcon } from '../kinds/KindIcon'
import type { Candidate } from './completion'
import styles from './Formula.module.css'
import type { Place } from './place'
import { kindWord } from './words'

interface CompletionListProps {
  id: string
  offers: readonly Candidate[]
  chosen: number
  place: Place
  onChoose: (index: number) => void
  onAccept: (candidate: Candidate) => void
}

export function CompletionList({ id, offers, chosen, place, onChoose, onAccept }: CompletionListProps) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const option = box.current?.children[chosen]
    option?.scrollIntoView({ block: 'nearest' })
  }, [chosen])
  const { left, top, bottom, room } = place
  const about = offers[chosen]
  return (
    <div
      className={styles.completion}
      style={{ left, top, bottom, maxHeight: room }}
      onPointerDown={(event) => event.preventDefault()}
    >
      <div ref={box} id={id} role="listbox" aria-label="Completions" className={styles.offers}>
        {offers.map((offer, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the formula has the focus and its keys choose
          <div
            key={`${offer.what} ${offer.name}`}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === chosen}
            className={styles.offer}
            onPointerMove={() => index !== chosen && onChoose(index)}
            onClick={() => onAccept(offer)}
          >
            <span className={styles.offerIcon} data-what={offer.what}>
              {offer.what === 'field' ? <KindIcon kind={offer.field.kind} size={13} /> : 'ƒ'}
            </span>
            <span className={styles.offerName}>{offer.name}</span>
            <span className={styles.offerHint}>
              {offer.what === 'field' ? kindWord(offer.field.kind) : offer.function.gives}
            </span>
          </div>
        ))}
      </div>
      {about?.what === 'function' && (
        <div className={styles.offerAbout}>
          <code>{about.function.signature}</code>
          <p>{about.function.summary}</p>
        </div>
      )}
    </div>
  )
}
