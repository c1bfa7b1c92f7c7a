/** A person as initials on a colour that stays theirs. */
import styles from './Avatar.module.css'

const TONES = ['blue', 'purple', 'teal', 'orange', 'pink', 'green', 'cyan', 'yellow', 'red'] as const

export function initials(name: string): string {
  const words = name.trim().split(/\s+/)
  const first = words[0]?.[0] ?? '?'
  const last = words.length > 1 ? (words.at(-1)?.[0] ?? '') : ''
  return (first + last).toUpperCase()
}

/** The pill colour of a person, by their id. */
export function personTone(id: string): (typeof TONES)[number] {
  let sum = 0
  for (const char of id) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) >>> 0
  return TONES[sum % TONES.length] ?? 'blue'
}

export function Avatar({ id, name, size = 24 }: { id: string; name: string; size?: number }) {
  const tone = personTone(id)
  return (
    <span
      className={styles.avatar}
      style={{
        width: size,
        height: size,
        fontSize: Math.round(size * 0.42),
        background: `var(--pill-${tone}-bg)`,
        color: `var(--pill-${tone}-fg)`,
      }}
      aria-hidden="true"
    >
      {initials(name)}
    </span>
  )
}
