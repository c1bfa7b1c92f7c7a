/** Field kinds and result types as people say them. */
import { kindName } from '../fields/kindList'

export function kindWord(kind: string): string {
  return kindName(kind).toLowerCase()
}

const TYPES: Readonly<Record<string, string>> = {
  number: 'a number',
  text: 'text',
  boolean: 'true or false',
  date: 'a date',
  dateTime: 'a date and time',
  array: 'a list',
  any: 'mixed values',
  blank: 'always blank',
}

export function typeWord(type: string): string {
  return TYPES[type] ?? type
}

const CLOCKS: Readonly<Record<string, string>> = {
  day: 'Recomputed every day.',
  minute: 'Recomputed every minute.',
}

export function clockWord(clock: string): string | undefined {
  return CLOCKS[clock]
}

const CATEGORIES: Readonly<Record<string, string>> = {
  text: 'Text',
  numeric: 'Numbers',
  statistics: 'Statistics',
  logical: 'Truth and choice',
  date: 'Dates and times',
  array: 'Lists',
  regex: 'Regular expressions',
  record: 'The record',
  codes: 'Codes',
  more: 'From plugins',
}

export function categoryWord(category: string): string {
  return CATEGORIES[category] ?? category
}
