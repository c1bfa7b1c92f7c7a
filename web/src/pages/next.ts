/** Where to go after signing in: the page that was asked for, never another site. */

export function withNext(path: string, next: string): string {
  return next === '/' ? path : `${path}?next=${encodeURIComponent(next)}`
}

/** The `next` of a query string, or the grid. Only a path of this site is accepted: it becomes the address as it is. */
export function nextPath(search: string): string {
  const next = new URLSearchParams(search).get('next') ?? '/'
  // "//host" and "/\host" would leave the site.
  return /^\/(?![/\\])/.test(next) ? next : '/'
}
