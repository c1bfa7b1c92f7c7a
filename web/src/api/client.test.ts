import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  ApiError,
  api,
  explain,
  newIdempotencyKey,
  readProblem,
  setCsrf,
  setCsrfRenewal,
  setUnauthorizedHandler,
} from './client'

/** Answers every request with `make()`, and keeps what was asked. */
function answerWith(make: () => Response | Error) {
  const asked: { path: string; init: RequestInit }[] = []
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    asked.push({ path, init })
    const answer = make()
    if (answer instanceof Error) throw answer
    return answer
  })
  return asked
}

const headersOf = (asked: { init: RequestInit }[]) => new Headers(asked[0]?.init.headers)

async function failure(promise: Promise<unknown>): Promise<ApiError> {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof ApiError)) throw new Error(`not an ApiError: ${String(error)}`)
  return error
}

beforeEach(() => setCsrf('token-1'))
afterEach(() => vi.unstubAllGlobals())

describe('requests', () => {
  it('sends the CSRF header with writes only, and JSON as JSON', async () => {
    const asked = answerWith(() => Response.json({ version: 1 }))
    await api.post('/api/changes', { ops: [] }, { idempotencyKey: 'k' })
    expect(headersOf(asked).get('X-CSRF-Token')).toBe('token-1')
    expect(headersOf(asked).get('Idempotency-Key')).toBe('k')
    expect(headersOf(asked).get('Content-Type')).toBe('application/json')
    expect(asked[0]?.init.body).toBe('{"ops":[]}')

    const read = answerWith(() => Response.json({}))
    await api.get('/api/tables')
    expect(headersOf(read).has('X-CSRF-Token')).toBe(false)
  })

  it('sends a file as it is and leaves undefined out of the query', async () => {
    const asked = answerWith(() => Response.json({}))
    const file = new Blob(['a,b'])
    await api.post('/api/imports', undefined, {
      raw: file,
      contentType: 'text/csv',
      query: { table: 'investors', filename: 'a b.csv', key: undefined },
    })
    expect(asked[0]?.path).toBe('/api/imports?table=investors&filename=a+b.csv')
    expect(asked[0]?.init.body).toBe(file)
    expect(headersOf(asked).get('Content-Type')).toBe('text/csv')
  })

  it('accepts an empty answer', async () => {
    answerWith(() => new Response(null, { status: 204 }))
    expect(await api.delete('/api/session')).toBeUndefined()
  })
})

describe('errors', () => {
  it('keeps every member of a problem', async () => {
    const problem = {
      ...{ status: 409, code: 'version_conflict', detail: 'Changed by Ada.', hint: 'Choose one.', version: 7 },
      conflicts: [{ record: 'recX' }],
      errors: [{ code: 'bad', detail: 'No.', pointer: '/ops/0' }],
    }
    answerWith(() => new Response(JSON.stringify(problem), { status: 409 }))
    const error = await failure(api.post('/api/changes', {}))
    expect(error).toMatchObject({ status: 409, code: 'version_conflict', hint: 'Choose one.', temporary: false })
    expect(error.body.version).toBe(7)
    expect(error.body.conflicts).toHaveLength(1)
    expect(error.errors[0]?.pointer).toBe('/ops/0')
    expect(explain(error)).toBe('Changed by Ada. Choose one.')
  })

  it('gives an answer that is no problem+json the same shape', () => {
    expect(readProblem(502, '<html>Bad gateway</html>')).toMatchObject({ status: 502, code: 'unexpected_answer' })
    expect(readProblem(413, '')).toMatchObject({ code: 'too_large' })
    expect(readProblem(500, '[1]')).toMatchObject({ code: 'unexpected_answer' })
    expect(readProblem(500, 'null')).toMatchObject({ code: 'unexpected_answer' })
  })

  it('calls an unreachable server offline, and lets an abort through', async () => {
    answerWith(() => new TypeError('Failed to fetch'))
    expect(await failure(api.get('/api/tables'))).toMatchObject({ status: 0, code: 'offline', temporary: true })

    const abort = new DOMException('stopped', 'AbortError')
    vi.stubGlobal('fetch', () => Promise.reject(abort))
    await expect(api.get('/api/tables')).rejects.toBe(abort)
  })

  it('tells when the session ended, but not when a sign-in failed', async () => {
    const ended = vi.fn()
    setUnauthorizedHandler(ended)
    answerWith(() => Response.json({ code: 'unauthorized', detail: 'Sign in.' }, { status: 401 }))
    await failure(api.post('/api/session', {}))
    expect(ended).not.toHaveBeenCalled()
    await failure(api.get('/api/tables'))
    expect(ended).toHaveBeenCalledOnce()
  })
})

describe('a CSRF token that another tab replaced', () => {
  const refusal = () => Response.json({ code: 'csrf', detail: 'Old token.' }, { status: 403 })

  it('is renewed and the write sent once more', async () => {
    const answers = [refusal(), Response.json({ version: 2 })]
    const asked = answerWith(() => answers.shift() ?? refusal())
    setCsrfRenewal(async () => {
      setCsrf('token-2')
      return true
    })
    expect(await api.post('/api/changes', { ops: [] })).toEqual({ version: 2 })
    expect(new Headers(asked[1]?.init.headers).get('X-CSRF-Token')).toBe('token-2')
  })

  it('is not used when somebody else is signed in now, nor tried a third time', async () => {
    setCsrfRenewal(async () => false)
    const once = answerWith(refusal)
    expect((await failure(api.post('/api/changes', {}))).code).toBe('csrf')
    expect(once).toHaveLength(1)

    setCsrfRenewal(async () => true)
    const twice = answerWith(refusal)
    expect((await failure(api.post('/api/changes', {}))).code).toBe('csrf')
    expect(twice).toHaveLength(2)
  })
})

it('makes a new idempotency key each time', () => {
  expect(newIdempotencyKey()).toMatch(/^[0-9a-f]{32}$/)
  expect(newIdempotencyKey()).not.toBe(newIdempotencyKey())
})
