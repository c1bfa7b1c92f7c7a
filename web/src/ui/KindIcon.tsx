/** The small picture and the name of each field kind. */
import {
  AlignLeft,
  ArrowUpRight,
  Calculator,
  Calendar,
  CalendarClock,
  CircleChevronDown,
  CircleDollarSign,
  Clock,
  Hash,
  Link2,
  ListOrdered,
  type LucideIcon,
  Mail,
  Percent,
  Phone,
  ScanSearch,
  Sigma,
  SquareCheck,
  SquareFunction,
  Star,
  Tags,
  Timer,
  Type,
  User,
  UserPen,
} from 'lucide-react'
import type { FieldKind } from '../api/types'

export const KIND_LOOKS: Record<FieldKind, { name: string; icon: LucideIcon }> = {
  text: { name: 'Text', icon: Type },
  long_text: { name: 'Long text', icon: AlignLeft },
  single_select: { name: 'Single select', icon: CircleChevronDown },
  multi_select: { name: 'Multiple select', icon: Tags },
  number: { name: 'Number', icon: Hash },
  currency: { name: 'Currency', icon: CircleDollarSign },
  percent: { name: 'Percent', icon: Percent },
  rating: { name: 'Rating', icon: Star },
  checkbox: { name: 'Checkbox', icon: SquareCheck },
  date: { name: 'Date', icon: Calendar },
  date_time: { name: 'Date and time', icon: CalendarClock },
  duration: { name: 'Duration', icon: Timer },
  email: { name: 'E-mail', icon: Mail },
  phone: { name: 'Phone', icon: Phone },
  url: { name: 'URL', icon: Link2 },
  user: { name: 'Person', icon: User },
  link: { name: 'Link to records', icon: ArrowUpRight },
  created_time: { name: 'Created time', icon: Clock },
  modified_time: { name: 'Last modified time', icon: Clock },
  created_by: { name: 'Created by', icon: UserPen },
  modified_by: { name: 'Last modified by', icon: UserPen },
  auto_number: { name: 'Auto number', icon: ListOrdered },
  formula: { name: 'Formula', icon: SquareFunction },
  lookup: { name: 'Lookup', icon: ScanSearch },
  rollup: { name: 'Rollup', icon: Sigma },
  count: { name: 'Count', icon: Calculator },
}

export function KindIcon({ kind, size = 14 }: { kind: FieldKind; size?: number }) {
  const Icon = KIND_LOOKS[kind]?.icon ?? Type
  return <Icon size={size} aria-hidden="true" />
}
