/** Short messages at the foot of the window, with one action such as Undo. */
import { create } from 'zustand'

export interface ToastInput {
  text: string
  detail?: string
  tone?: 'plain' | 'success' | 'danger'
  action?: { label: string; run: () => void }
  /** Milliseconds on screen; 0 keeps it until closed. Default 6 s, errors 10 s. */
  duration?: number
}

export interface Toast extends ToastInput {
  id: number
}

interface ToastState {
  toasts: Toast[]
}

export const useToasts = create<ToastState>(() => ({ toasts: [] }))

let nextId = 1
const MAX_SHOWN = 4

/** Shows a toast; answers a function that takes it away. */
export function toast(input: ToastInput): () => void {
  const id = nextId++
  useToasts.setState(({ toasts }) => ({ toasts: [...toasts, { ...input, id }].slice(-MAX_SHOWN) }))
  return () => dismissToast(id)
}

export function dismissToast(id: number): void {
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((item) => item.id !== id) }))
}
