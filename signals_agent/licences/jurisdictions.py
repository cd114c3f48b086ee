"""Exceptions of law that may matter beside a licence; notes, never verdicts."""

from dataclasses import dataclass
from typing import Final

NO_ADVICE: Final = "This is no legal advice."
"""Said wherever answers of the table are shown."""


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """What one law may permit whatever a licence says, in a sentence or two, and its text."""

    place: str
    law: str
    text: str
    url: str


_DIRECTIVE: Final = "https://eur-lex.europa.eu/eli/dir/2019/790/oj"

NOTES: Final = (
    Jurisdiction(
        "EU",
        "Directive (EU) 2019/790, Article 3",
        "Research organisations and cultural heritage institutions may reproduce and extract, for "
        "text and data mining for scientific research, works to which they have lawful access. "
        "Rightholders cannot opt out, and a contract cannot take it away (Article 7).",
        _DIRECTIVE,
    ),
    Jurisdiction(
        "EU",
        "Directive (EU) 2019/790, Article 4",
        "Anyone may reproduce and extract lawfully accessible works for text and data mining, for "
        "as long as it is needed, unless the rightholder has expressly reserved this, online in a "
        "machine-readable way. It covers no sharing of the copies.",
        _DIRECTIVE,
    ),
    Jurisdiction(
        "US",
        "17 U.S.C. 107 (fair use)",
        "Four factors are weighed case by case: purpose and character of the use, nature of the "
        "work, amount used, effect on its market. Courts differ on training; nothing is settled "
        "in advance.",
        "https://www.law.cornell.edu/uscode/text/17/107",
    ),
)
"""Shown beside the answers; none of them changes an answer (licences, *Jurisdiction notes*)."""
