/** Keys as the computer in front of the person names them. */

/** Whether the keys of this computer have ⌘ and ⌥ instead of Ctrl and Alt. */
export const onMac = /mac|iphone|ipad/i.test(globalThis.navigator?.platform ?? '')

const SIGNS: Readonly<Record<string, string>> = { Ctrl: '⌘', Alt: '⌥', Shift: '⇧' }

/** `Ctrl+Shift+Z` as it stands on this keyboard. */
export function asPressed(keys: string, mac = onMac): string {
  return mac ? keys.replace(/\b(Ctrl|Alt|Shift)\b/g, (name) => SIGNS[name] ?? name) : keys
}
