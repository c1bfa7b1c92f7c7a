/** A browser's User-Agent line as "Firefox on Windows". */

const BROWSERS: [RegExp, string][] = [
  [/Edg\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/Firefox\//, 'Firefox'],
  [/HeadlessChrome\/|Chrome\//, 'Chrome'],
  [/Safari\//, 'Safari'],
]
const SYSTEMS: [RegExp, string][] = [
  [/iPhone|iPad/, 'iOS'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/Linux|X11/, 'Linux'],
]

const match = (table: [RegExp, string][], agent: string) => table.find(([pattern]) => pattern.test(agent))?.[1]

export function describeAgent(agent: string): { name: string; phone: boolean } {
  const phone = /iPhone|Android.*Mobile/.test(agent)
  const browser = match(BROWSERS, agent)
  const system = match(SYSTEMS, agent)
  if (!browser) return { name: agent.split(' ')[0] || 'Unknown browser', phone }
  return { name: system ? `${browser} on ${system}` : browser, phone }
}
