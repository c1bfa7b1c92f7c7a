/** Keeps the page above the keyboard of a phone where the browser lays it over the page (Safari) instead of making room. */

/** A bar of the browser that comes and goes is lower than this; every keyboard is higher. Pixels. */
const LOWEST_KEYBOARD = 120

export function keepAboveKeyboard(): void {
  const seen = window.visualViewport
  if (!seen) return
  seen.addEventListener('resize', () => {
    const covered = window.innerHeight - seen.height * seen.scale > LOWEST_KEYBOARD
    const { style } = document.documentElement
    if (!covered) {
      style.removeProperty('--window')
      return
    }
    style.setProperty('--window', `${Math.round(seen.height)}px`)
    window.scrollTo(0, 0)
    document.activeElement?.scrollIntoView({ block: 'nearest' })
  })
}
