/** The chosen theme (system, light or dark), remembered per browser, and the tokens as colours a canvas can paint with. */
import { useSyncExternalStore } from 'react'

export type ThemeChoice = 'system' | 'light' | 'dark'

const KEY = 'crm.theme'
const listeners = new Set<() => void>()
const systemDark = window.matchMedia?.('(prefers-color-scheme: dark)')

function notify(): void {
  for (const listener of listeners) listener()
}
systemDark?.addEventListener('change', notify)

export function themeChoice(): ThemeChoice {
  const value = document.documentElement.dataset.theme
  return value === 'light' || value === 'dark' ? value : 'system'
}

export function chooseTheme(choice: ThemeChoice): void {
  if (choice === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = choice
  try {
    if (choice === 'system') localStorage.removeItem(KEY)
    else localStorage.setItem(KEY, choice)
  } catch {
    // Without storage the choice holds until the page is closed.
  }
  notify()
}

/** What is on screen now: the choice, or the system's preference. */
export function shownTheme(): 'light' | 'dark' {
  const choice = themeChoice()
  if (choice !== 'system') return choice
  return systemDark?.matches ? 'dark' : 'light'
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useThemeChoice = (): ThemeChoice => useSyncExternalStore(subscribe, themeChoice)
export const useShownTheme = (): 'light' | 'dark' => useSyncExternalStore(subscribe, shownTheme)

/** The colour behind a token such as `--accent`, resolved for the shown theme to `rgb(…)`, so that a canvas can use it. */
export function tokenColor(name: `--${string}`): string {
  const probe = document.createElement('span')
  probe.style.color = `var(${name})`
  probe.style.display = 'none'
  document.body.append(probe)
  const color = getComputedStyle(probe).color
  probe.remove()
  return color
}
