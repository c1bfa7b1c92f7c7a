/** What can be made of the values of linked records without writing a formula. */
export const OWN = 'own'

export const ROLLUPS: readonly { readonly formula: string; readonly name: string; readonly about: string }[] = [
  { formula: 'SUM(values)', name: 'SUM', about: 'All added up' },
  { formula: 'AVERAGE(values)', name: 'AVERAGE', about: 'The mean of the numbers' },
  { formula: 'MIN(values)', name: 'MIN', about: 'The least, or the earliest' },
  { formula: 'MAX(values)', name: 'MAX', about: 'The greatest, or the latest' },
  { formula: 'COUNT(values)', name: 'COUNT', about: 'How many are numbers' },
  { formula: 'COUNTA(values)', name: 'COUNTA', about: 'How many are not empty' },
  { formula: 'COUNTALL(values)', name: 'COUNTALL', about: 'How many there are, empty ones too' },
  { formula: 'AND(values)', name: 'AND', about: 'Whether all are true' },
  { formula: 'OR(values)', name: 'OR', about: 'Whether any is true' },
  { formula: 'XOR(values)', name: 'XOR', about: 'Whether an odd number is true' },
  { formula: 'CONCATENATE(values)', name: 'CONCATENATE', about: 'As one text' },
  { formula: 'ARRAYJOIN(values, ", ")', name: 'ARRAYJOIN', about: 'As one text with commas' },
  { formula: 'ARRAYUNIQUE(values)', name: 'ARRAYUNIQUE', about: 'Each only once' },
  { formula: 'ARRAYCOMPACT(values)', name: 'ARRAYCOMPACT', about: 'Without the empty ones' },
  { formula: OWN, name: 'Own formula…', about: 'Written over “values”' },
]

/** The entry of the list that a rollup's formula is; what is written otherwise is one's own. */
export function rollupOf(formula: string | undefined): string {
  const bare = (formula ?? '').replace(/[\s{}]/g, '').toLowerCase()
  return ROLLUPS.find((one) => one.formula.replace(/\s/g, '').toLowerCase() === bare)?.formula ?? OWN
}
