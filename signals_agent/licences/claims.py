"""Which licences a declaration names, and what is to be said of how it names them."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Final

from signals_agent import quote
from signals_agent.licences import declared, expression, free_text
from signals_agent.licences.catalogue import unrecognised
from signals_agent.licences.entry import Entry
from signals_agent.licences.expression import Terms
from signals_agent.licences.identity import identify_card
from signals_agent.model.declaration import Located, Subject
from signals_agent.model.licence import UNREAD, LicenceScope
from signals_agent.model.note import Note, Severity

_Noting = Callable[[str, Severity, str, str], Note]

_CARD: Final = "dataset-card"
_UNREAD: Final = "unread"
_FIELD: Final = "license"
_RIGHTS: Final = "rights"
_RESERVED: Final = "all-rights-reserved"
_USAGE_INFO: Final = "usageInfo"
_ABSOLUTE: Final = re.compile(r"https?://", re.IGNORECASE)
_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]*:(?!//)", re.IGNORECASE)
_SPEAKS_OF_LICENCE: Final = re.compile(
    r"licen[cs]|https?://|terms of use|creative\s*commons|\bcc[\s-]?by", re.IGNORECASE
)
# Two URLs in one attribute, as a URL that was made absolute holds them.
_SEVERAL: Final = re.compile(r"(?:\s|%20|%09|%0A|%0D)+(?=https?://)", re.IGNORECASE)
_OPERATORS: Final = frozenset({"AND", "OR", "WITH"})
_GRAMMAR: Final = re.compile(r"[A-Za-z0-9.+:()\s-]+")
_OPERATOR: Final = re.compile(r"(?:^|[\s()])(?:AND|OR|WITH)(?=[\s()]|\Z)")


def licences(located: Located, text: str) -> tuple[Terms, ...]:
    """The licences that a declaration names; none where it only says who holds rights."""
    if located.detail(_UNREAD):
        return (unrecognised(name=UNREAD),)
    if not text:
        return ()
    several = _SEVERAL.split(text)
    if len(several) > 1 and _ABSOLUTE.match(text):
        return tuple(dict.fromkeys(read(each) for each in several))
    if located.declaration.carrier == _CARD and located.field == _FIELD:
        name, link = located.detail("license_name"), located.detail("license_link")
        if name or link:
            # What stands in for "other" is one of the two itself.
            said = "other" if text in (name, link) else text
            return (identify_card(said, name or None, link or None),)
    if text.count("(") != text.count(")") and _GRAMMAR.fullmatch(text):
        return (unrecognised(name=text),)
    terms = read(text)
    if isinstance(terms, Entry) and terms.id == _RESERVED:
        return _in_words(text) or (terms,)
    if declared.recognised(terms) or not isinstance(terms, Entry):
        return (terms,)
    if located.field == _FIELD and _ABSOLUTE.match(text) and located.detail("name"):
        # A page about the licence, and beside its address the licence's own name.
        named = read(located.detail("name"))
        if declared.recognised(named):
            return (named,)
    if located.field == _FIELD and _ABSOLUTE.match(text) and located.detail("text"):
        # The same, where the words of the link name one licence and nothing else.
        words = free_text.find(located.detail("text"))
        if len(words) == 1 and declared.recognised(words[0]) and words[0].id != _RESERVED:
            return words
    if located.field == _FIELD:
        # Of a broken expression nothing may be left out, so it is no sentence (rule R39).
        sealed = _ABSOLUTE.match(text) or (_OPERATOR.search(text) and not _is_shouted(text))
        return (terms,) if sealed else free_text.find(text) or (terms,)
    if located.field == _USAGE_INFO:
        return ()
    found = _in_words(text)
    if found:
        return found
    return (terms,) if _SPEAKS_OF_LICENCE.search(text) else ()


def _is_shouted(text: str) -> bool:
    """Whether a text with an operator in it is a sentence in capitals: it holds other words."""
    words = re.findall(r"[^\s()]+", text)
    return text.isupper() and any(
        word.isalpha() and word not in _OPERATORS and not declared.recognised(read(word))
        for word in words
    )


def _in_words(text: str) -> tuple[Entry, ...]:
    """The licences that a sentence names, and what it reserves beside them."""
    return free_text.find(text)


@lru_cache(maxsize=4096)
def read(text: str) -> Terms:
    """The licence or licences that a text means, as ``expression.read`` has it."""
    return expression.read(text)


def scope(located: Located, terms: Terms, subject: Subject) -> LicenceScope:
    """A free text that names no licence we know is never more than *unclear*.

    One that names a licence and narrows or denies it speaks of the page all the same.
    """
    vague = located.field == _RIGHTS and not declared.recognised(terms)
    if vague and terms in free_text.find(located.value.decode("utf-8", "replace")):
        vague = False
    return LicenceScope.UNCLEAR if vague and subject.scope is LicenceScope.PAGE else subject.scope


def notes(located: Located, text: str, found: Sequence[Terms]) -> Iterator[Note]:
    """What a reader should hear of how a declaration names licences."""
    declaration = located.declaration

    def note(code: str, severity: Severity, summary: str, clause: str) -> Note:
        because = (declaration.id,)
        return Note(code, severity, summary, clause, because, declaration.position)

    shown = quote.text(text, 200)
    if why := located.detail(_UNREAD):
        summary = f"{why}; it counts as a licence that is not recognised"
        yield note("licence-over-cap", Severity.WARNING, summary, "rule R39")
        return
    if located.field == _RIGHTS and not found and text:
        summary = f"speaks of rights and names no licence: {shown}"
        yield note("licence-rights-text", Severity.INFO, summary, "rules#licences-names")
        return
    known = any(declared.recognised(each) for each in found)
    if found and not known and _SCHEME.match(text):
        summary = f"a licence is declared by what is no http or https URL: {shown}"
        yield note("licence-url-unusable", Severity.WARNING, summary, "RFC 8288 3.1")
        return
    for terms in found:
        yield from _about(terms, text, shown, note)


def _about(terms: Terms, text: str, shown: str, note: _Noting) -> Iterator[Note]:
    if not declared.recognised(terms):
        if isinstance(terms, Entry) and (
            _OPERATOR.search(text) or text.count("(") != text.count(")")
        ):
            summary = f"an expression of licences that cannot be read: {shown}"
            yield note(
                "licence-expression-unparsable", Severity.WARNING, summary, "rules#licences-names"
            )
        else:
            summary = f"not a licence that is recognised: {shown}"
            yield note("licence-unrecognised", Severity.INFO, summary, "rules#licences-names")
    if not isinstance(terms, Entry):
        return
    if terms.retired is not None:
        summary = f"{terms.id} was withdrawn by its steward on {terms.retired}; it still binds"
        yield note("licence-retired", Severity.INFO, summary, "rules#licences-names")
    if terms.family == "creativecommons" and terms.version is None:
        summary = f"{terms.id} does not say its version"
        yield note("licence-version-missing", Severity.INFO, summary, "rules#licences-names")
