/** The icon of a field kind, in the pages. */
import { createElement } from 'react'
import { KIND_STROKES } from './strokes'

export function KindIcon({ kind, size = 14 }: { kind: string; size?: number }) {
  const strokes = KIND_STROKES[kind] ?? KIND_STROKES.text ?? []
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={2}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {strokes.map(([tag, attributes]) => createElement(tag, { key: JSON.stringify(attributes), ...attributes }))}
    </svg>
  )
}
