"""Did you mean: the nearest names, and what users bring from other languages."""

from collections.abc import Iterable

FOREIGN: dict[str, tuple[str, ...]] = {
    "DATEDIF": ("DATETIME_DIFF",),
    "DATEDIFF": ("DATETIME_DIFF",),
    "DATE_DIFF": ("DATETIME_DIFF",),
    "TIMEDIFF": ("DATETIME_DIFF",),
    "DAYS": ("DATETIME_DIFF",),
    "DATEVALUE": ("DATETIME_PARSE",),
    "TODATE": ("DATETIME_PARSE",),
    "PARSEDATE": ("DATETIME_PARSE",),
    "TEXT": ("DATETIME_FORMAT", "CONCATENATE"),
    "FORMAT": ("DATETIME_FORMAT",),
    "DATEFORMAT": ("DATETIME_FORMAT",),
    "DATE_FORMAT": ("DATETIME_FORMAT",),
    "FORMATDATE": ("DATETIME_FORMAT",),
    "QUARTER": ("DATETIME_FORMAT",),
    "VLOOKUP": ("lookup field",),
    "HLOOKUP": ("lookup field",),
    "XLOOKUP": ("lookup field",),
    "LOOKUP": ("lookup field",),
    "MATCH": ("FIND", "REGEX_MATCH"),
    "INDEX": ("ARRAYSLICE",),
    "SUMIFS": ("SUMIF",),
    "COUNTIFS": ("COUNTIF",),
    "AVERAGEIF": ("AVERAGE",),
    "IFNULL": ("COALESCE", "IF"),
    "NVL": ("COALESCE",),
    "IFNA": ("IFERROR",),
    "ISNULL": ("ISBLANK",),
    "ISEMPTY": ("ISBLANK",),
    "ISNUMBER": ("ISERROR",),
    "NULL": ("BLANK",),
    "JOIN": ("ARRAYJOIN",),
    "TEXTJOIN": ("ARRAYJOIN", "CONCATENATE"),
    "UNIQUE": ("ARRAYUNIQUE",),
    "FLATTEN": ("ARRAYFLATTEN",),
    "SLICE": ("ARRAYSLICE",),
    "COMPACT": ("ARRAYCOMPACT",),
    "LENGTH": ("LEN",),
    "SUBSTR": ("MID",),
    "SUBSTRING": ("MID",),
    "UCASE": ("UPPER",),
    "LCASE": ("LOWER",),
    "TITLE": ("PROPER",),
    "CAPITALIZE": ("PROPER",),
    "STR": ("CONCATENATE",),
    "TOTEXT": ("CONCATENATE",),
    "INSTR": ("FIND",),
    "CONTAINS": ("FIND", "SEARCH"),
    "NUMBER": ("VALUE",),
    "TONUMBER": ("VALUE",),
    "NUMBERVALUE": ("VALUE",),
    "ISTEXT": ("T",),
    "AVG": ("AVERAGE",),
    "MEAN": ("AVERAGE",),
    "ROUNDOFF": ("ROUND",),
    "CEIL": ("CEILING",),
    "INTEGER": ("INT",),
    "TRUNCATE": ("TRUNC", "ROUNDDOWN"),
    "MODULO": ("MOD",),
    "POW": ("POWER",),
    "SQR": ("POWER",),
    "CASE": ("SWITCH",),
    "CHOOSE": ("SWITCH",),
    "IIF": ("IF",),
    "ADDDATE": ("DATEADD",),
    "DATE_ADD": ("DATEADD",),
    "EDATE": ("DATEADD",),
    "NETWORKDAYS": ("WORKDAY_DIFF",),
    "ISOWEEKNUM": ("WEEKNUM",),
    "REGEXMATCH": ("REGEX_MATCH",),
    "REGEX_TEST": ("REGEX_MATCH",),
    "REGEXTEST": ("REGEX_MATCH",),
    "REGEXEXTRACT": ("REGEX_EXTRACT",),
    "REGEXREPLACE": ("REGEX_REPLACE",),
    "ENCODEURL": ("ENCODE_URL_COMPONENT",),
    "URLENCODE": ("ENCODE_URL_COMPONENT",),
    "GETDATE": ("TODAY",),
    "LASTMODIFIED": ("LAST_MODIFIED_TIME",),
    "MODIFIED_TIME": ("LAST_MODIFIED_TIME",),
    "CREATED": ("CREATED_TIME",),
    "RECORDID": ("RECORD_ID",),
}
"""Names of spreadsheets and databases, and what does their work here."""


def distance(a: str, b: str, most: int) -> int:
    """Insertions, deletions, changes and swaps of neighbours between two names (Damerau); above `most` it stops."""
    if abs(len(a) - len(b)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, left in enumerate(a, 1):
        earlier, before, row = before, row, [i]
        for j, right in enumerate(b, 1):
            cost = min(row[j - 1] + 1, before[j] + 1, before[j - 1] + (left != right))
            if i > 1 and j > 1 and left == b[j - 2] and a[i - 2] == right:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]


def nearest(name: str, known: Iterable[str], count: int = 3) -> tuple[str, ...]:
    """The best names within a distance of 2 (1 for short names), case-blind; then those that begin with the name."""
    wanted = name.casefold()
    most = 1 if len(wanted) <= 3 else 2
    found: list[tuple[int, int, str]] = []
    for candidate in dict.fromkeys(known):
        folded = candidate.casefold()
        apart = distance(wanted, folded, most)
        if apart > most and _bare(wanted) and _bare(wanted) == _bare(folded):
            apart = most
        if apart > most and len(wanted) >= 3 and (folded.startswith(wanted) or wanted.startswith(folded + " ")):
            apart = most + 1
        elif apart > most:
            continue
        found.append((apart, abs(len(candidate) - len(name)), candidate))
    return tuple(candidate for _, _, candidate in sorted(found)[:count])


def _bare(name: str) -> str:
    return "".join(letter for letter in name if letter.isalnum())
