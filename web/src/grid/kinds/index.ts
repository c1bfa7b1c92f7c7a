import type { Field } from '../../api/types'
import { multiSelect, singleSelect } from './choices'
import { computedKind, isComputed, resultOf } from './computed'
import { date, dateTime, stamp } from './dates'
import { attachment } from './files'
import type { Kind } from './kind'
import { autoNumber, checkbox, currency, duration, number, percent, rating } from './numbers'
import { byUser, link, user } from './people'
import { email, longText, phone, text, url } from './text'

/** Every field kind by its name on the wire. A new kind is one entry here and, if it needs one, an editor. */
export const KINDS: Readonly<Record<string, Kind>> = {
  text,
  long_text: longText,
  number,
  currency,
  percent,
  rating,
  checkbox,
  single_select: singleSelect,
  multi_select: multiSelect,
  date,
  date_time: dateTime,
  duration,
  email,
  phone,
  url,
  user,
  link,
  created_time: stamp,
  modified_time: stamp,
  created_by: byUser,
  modified_by: byUser,
  auto_number: autoNumber,
  attachment,
}

const computed = new WeakMap<Field, Kind>()

/** The behaviour of a field; a kind this build does not know is shown as plain text, read only. */
export function kindOf(field: Field): Kind {
  if (!isComputed(field)) return KINDS[field.kind] ?? { ...text, writable: false }
  let found = computed.get(field)
  if (!found) {
    found = computedKind(field, KINDS[resultOf(field).kind] ?? text)
    computed.set(field, found)
  }
  return found
}

export function canWrite(field: Field): boolean {
  return kindOf(field).writable && !field.read_only
}

export type { Kind, KindContext, Parsed } from './kind'
