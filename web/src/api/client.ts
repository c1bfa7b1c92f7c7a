/** Talks to the server: adds the CSRF header, turns every error answer into an ApiError, keys writes so that a retry is safe. */
import type { Problem, ProblemItem } from './types'

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export interface RequestOptions {
  /** Sent as JSON, unless `raw` is given. */
  body?: unknown
  /** Bytes or text sent as they are, for example a file; give its type with `contentType`. */
  raw?: BodyInit
  contentType?: string
  query?: Record<string, string | number | boolean | undefined>
  /** A repeated request with the same key gets the first answer again. */
  idempotencyKey?: string
  signal?: AbortSignal
}

/** An answer that was not a success, or no answer at all (status 0, code `offline`). */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly hint: string
  readonly pointer: string
  readonly errors: ProblemItem[]
  readonly body: Problem

  constructor(problem: Problem) {
    super(problem.detail)
    this.status = problem.status
    this.code = problem.code
    this.detail = problem.detail
    this.hint = problem.hint ?? ''
    this.pointer = problem.pointer ?? ''
    this.errors = problem.errors ?? []
    this.body = problem
  }

  /** True when the request may be repeated unchanged: the server was not reached or was not ready. */
  get temporary(): boolean {
    return this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504
  }
}

let csrf: string | null = null
let onUnauthorized: () => void = () => {}
let renewCsrf: () => Promise<boolean> = async () => false
let askProof: () => Promise<boolean> = async () => false

export function setCsrf(token: string | null): void {
  csrf = token
}

/** Called when the server says that nobody is signed in any more (the session ended elsewhere). */
export function setUnauthorizedHandler(handler: () => void): void {
  onUnauthorized = handler
}

/** Reads the session anew after a sign-in in another tab; true when it is still the same person's. */
export function setCsrfRenewal(renew: () => Promise<boolean>): void {
  renewCsrf = renew
}

/** Has the person confirm that it is still them, before something grave; true when they did. */
export function setProofAsker(ask: () => Promise<boolean>): void {
  askProof = ask
}

/** A fresh key for one write; keep it while repeating that write. */
export function newIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

export async function request<T>(method: Method, path: string, options: RequestOptions = {}): Promise<T> {
  let { response, text } = await exchange(method, path, options)
  if (response.status === 403 && readProblem(403, text).code === 'csrf' && (await renewCsrf())) {
    ;({ response, text } = await exchange(method, path, options))
  }
  if (response.status === 403 && readProblem(403, text).code === 'proof_needed' && (await askProof())) {
    ;({ response, text } = await exchange(method, path, options))
  }
  if (response.ok) return (text === '' ? undefined : JSON.parse(text)) as T
  const problem = readProblem(response.status, text)
  if (response.status === 401 && !path.startsWith('/api/session')) onUnauthorized()
  throw new ApiError(problem)
}

async function exchange(method: Method, path: string, options: RequestOptions) {
  const response = await send(method, path, options)
  return { response, text: await response.text() }
}

async function send(method: Method, path: string, options: RequestOptions): Promise<Response> {
  const headers = new Headers({ Accept: 'application/json' })
  const body = options.raw ?? (options.body === undefined ? undefined : JSON.stringify(options.body))
  if (body !== undefined) headers.set('Content-Type', options.contentType ?? 'application/json')
  if (method !== 'GET' && csrf) headers.set('X-CSRF-Token', csrf)
  if (options.idempotencyKey) headers.set('Idempotency-Key', options.idempotencyKey)
  try {
    return await fetch(path + queryString(options.query), {
      method,
      headers,
      body,
      signal: options.signal,
      credentials: 'same-origin',
    })
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new ApiError({
      status: 0,
      code: 'offline',
      detail: 'The server cannot be reached.',
      hint: 'Check the connection. What you typed is kept.',
    })
  }
}

function queryString(query: RequestOptions['query']): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(query ?? {})) if (value !== undefined) params.set(name, String(value))
  const text = params.toString()
  return text === '' ? '' : `?${text}`
}

/** Reads a problem+json body; an answer from a proxy or a crash is given the same shape. */
export function readProblem(status: number, text: string): Problem {
  try {
    const data: unknown = JSON.parse(text)
    if (typeof data === 'object' && data !== null && 'code' in data && typeof data.code === 'string') {
      const problem = data as Partial<Problem>
      return { ...problem, status, code: data.code, detail: problem.detail ?? problem.title ?? `Error ${status}` }
    }
  } catch {
    // Not JSON: fall through to the plain description.
  }
  return {
    status,
    code: status === 413 ? 'too_large' : 'unexpected_answer',
    detail: status === 413 ? 'That is larger than the server accepts.' : `The server answered with status ${status}.`,
    hint: status >= 500 ? 'Try again in a moment. If it stays, tell the person who runs this CRM.' : '',
  }
}

export const api = {
  get: <T>(path: string, options?: RequestOptions) => request<T>('GET', path, options),
  post: <T>(path: string, body?: unknown, options?: RequestOptions) => request<T>('POST', path, { ...options, body }),
  put: <T>(path: string, body?: unknown, options?: RequestOptions) => request<T>('PUT', path, { ...options, body }),
  patch: <T>(path: string, body?: unknown, options?: RequestOptions) => request<T>('PATCH', path, { ...options, body }),
  delete: <T>(path: string, options?: RequestOptions) => request<T>('DELETE', path, options),
}

/** Any thrown thing as a sentence for a person. */
export function explain(error: unknown): string {
  if (error instanceof ApiError) return error.hint ? `${error.detail} ${error.hint}` : error.detail
  return error instanceof Error ? error.message : String(error)
}
