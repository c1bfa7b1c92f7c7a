/** A rough, honest measure of a password while it is typed. The server has the last word. */

export const MIN_PASSWORD = 10

export interface Strength {
  /** 0 nothing typed, 1 too short or guessable, 2 weak, 3 good, 4 strong */
  level: 0 | 1 | 2 | 3 | 4
  hint: string
}

const OBVIOUS = /password|passwort|qwert|letmein|welcome|admin|venture|12345|abcdef|iloveyou/i

/** Judges by length and variety; `about` holds the person's own words (name, e-mail), which are easily guessed. */
export function passwordStrength(password: string, about: string[] = []): Strength {
  if (password === '')
    return { level: 0, hint: `At least ${MIN_PASSWORD} characters. A few unrelated words work well.` }
  if (password.length < MIN_PASSWORD) {
    const missing = MIN_PASSWORD - password.length
    return { level: 1, hint: `${missing} more ${missing === 1 ? 'character' : 'characters'} needed.` }
  }
  const own = about.flatMap((text) => text.toLowerCase().split(/[\s@.]+/)).filter((word) => word.length > 3)
  if (own.some((word) => password.toLowerCase().includes(word)))
    return { level: 2, hint: 'Weak: it holds your name or e-mail.' }
  if (OBVIOUS.test(password)) return { level: 2, hint: 'Weak: it holds a word that everyone tries first.' }
  if (new Set(password).size < 6) return { level: 2, hint: 'Weak: the same few characters repeat.' }
  return password.length >= 16 ? { level: 4, hint: 'Strong.' } : { level: 3, hint: 'Good. Longer is stronger.' }
}
