/** Which file is shown large, if one is. */
import { create } from 'zustand'
import type { AttachedFile } from '../api/types'

interface Shown {
  readonly files: readonly AttachedFile[]
  readonly index: number
}

export const useLightBox = create<{ shown: Shown | undefined }>(() => ({ shown: undefined }))

export function showFile(files: readonly AttachedFile[], index: number): void {
  useLightBox.setState({ shown: { files, index } })
}

export function closeLightBox(): void {
  useLightBox.setState({ shown: undefined })
}
