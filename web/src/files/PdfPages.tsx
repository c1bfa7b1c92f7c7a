/** The pages of a PDF, drawn one below the other as they come into view. Scripts in the file are never run. */
import { GlobalWorkerOptions, getDocument, type PDFDocumentProxy } from 'pdfjs-dist'
import worker from 'pdfjs-dist/build/pdf.worker.min.mjs?url'
import { useEffect, useRef, useState } from 'react'
import styles from './Files.module.css'

GlobalWorkerOptions.workerSrc = worker

const MAX_PAGES = 200

export function PdfPages({ address, name }: { address: string; name: string }) {
  const [file, setFile] = useState<PDFDocumentProxy>()
  const [problem, setProblem] = useState('')
  useEffect(() => {
    const task = getDocument({ url: address, useWasm: false, enableXfa: false })
    task.promise.then(setFile, (error: Error) => {
      const locked = error.name === 'PasswordException'
      setProblem(locked ? 'This PDF is locked with a password.' : 'This PDF cannot be shown.')
    })
    return () => void task.destroy()
  }, [address])
  if (problem) return <p className={styles.none}>{problem} Download it to open it elsewhere.</p>
  if (!file) return <p className={styles.none}>Opening…</p>
  const pages = Array.from({ length: Math.min(file.numPages, MAX_PAGES) }, (_, index) => index + 1)
  return (
    <section className={styles.pages} aria-label={`Pages of ${name}`} tabIndex={0}>
      {pages.map((page) => (
        <Page key={page} file={file} number={page} />
      ))}
    </section>
  )
}

function Page({ file, number }: { file: PDFDocumentProxy; number: number }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const element = canvas.current
    if (!element) return
    const watch = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return
        watch.disconnect()
        void draw(file, number, element)
      },
      { rootMargin: '600px' },
    )
    watch.observe(element)
    return () => watch.disconnect()
  }, [file, number])
  return <canvas ref={canvas} className={styles.page} role="img" aria-label={`Page ${number}`} />
}

async function draw(file: PDFDocumentProxy, number: number, canvas: HTMLCanvasElement): Promise<void> {
  const page = await file.getPage(number)
  const wide = page.getViewport({ scale: 1 }).width
  const scale = (canvas.clientWidth / wide) * Math.min(2, window.devicePixelRatio || 1)
  const viewport = page.getViewport({ scale })
  canvas.width = Math.floor(viewport.width)
  canvas.height = Math.floor(viewport.height)
  await page.render({ canvas, viewport }).promise
  canvas.dataset.drawn = ''
}
