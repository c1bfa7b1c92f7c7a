/** A view's filter with conditions of the board added, in no more levels of groups than the server takes. */
import type { Filter } from '../../api/types'

/**
 * All of `own` must hold as well. Wrapping the filter in one more group could pass the limit of three levels, so the
 * conditions go into the groups that are there: beside the parts of an “and”, into each part of an “or”.
 */
export function narrowed(filter: Filter | null | undefined, own: readonly Filter[]): Filter {
  if (!filter) return { and: [...own] }
  if ('and' in filter) return { and: [...filter.and, ...own] }
  if ('or' in filter) {
    if (filter.or.length === 0) return { and: [...own] }
    return { or: alternatives(filter.or).map((part) => narrowed(part, own)) }
  }
  return { and: [filter, ...own] }
}

/** The parts of an “or”, with those of any “or” among them; an empty group lets everything through and stays one. */
function alternatives(parts: readonly Filter[]): Filter[] {
  return parts.flatMap((part) => ('or' in part && part.or.length > 0 ? alternatives(part.or) : [part]))
}
