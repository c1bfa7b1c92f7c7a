/** Records that one merge takes besides the one that stays, as the server has it. */
export const MOST_MERGED = 50
