/** Changes the text of an input as if it had been typed, so that the browser's own undo takes it back. */
export function replaceText(element: HTMLTextAreaElement, start: number, end: number, text: string): void {
  element.focus()
  element.setSelectionRange(start, end)
  const command = text === '' ? 'delete' : 'insertText'
  if (start === end && text === '') return
  if (document.execCommand?.(command, false, text)) return
  element.setRangeText(text, start, end, 'end')
  element.dispatchEvent(new Event('input', { bubbles: true }))
}
