"""The credit line in four styles: title, author, source and licence, as licences ask for them."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Literal, assert_never, get_args
from urllib.parse import quote as percent

from signals_agent import quote
from signals_agent.errors import UsageError
from signals_agent.model.attribution import Attribution

CitationStyle = Literal["markdown", "html", "text", "bibtex"]

_LONGEST: Final = 12_000
_LONGEST_URL: Final = 8000
_ADDRESS: Final = re.compile(r"https?://[^\s/]|mailto:[^\s]", re.IGNORECASE)
_IN_ADDRESSES: Final = "!#$%&'()*+,/:;=?@[]~"
_REFERENCE: Final = re.compile(r"&(?=#?\w+;)")
# A text that already says in its own words that it is a credit.
_SAYS_HOW: Final = re.compile(
    r"(?:by|courtesy|credits?|from|images?|photos?(?:graphs?)?|copyright|source|via)\b|\u00a9|\(c\)",
    re.IGNORECASE,
)
_CHANGES: Final = re.compile(r"changes\s*:\s*", re.IGNORECASE)
_YEAR: Final = re.compile(r"\s*([12][0-9]{3})(?![0-9])")
# One to four words of letters, which may have points, hyphens and apostrophes in them.
_PART: Final = re.compile(r"[^\W\d_][^\s\d_,;&/()]*(?:\s+[^\W\d_][^\s\d_,;&/()]*){0,3}")
_NO_PART: Final = re.compile(r"\b(?:and|others|the|of)\b", re.IGNORECASE)
_NO_FIRST: Final = re.compile(
    r"(?:inc|incorporated|ltd|limited|llc|llp|plc|co|corp|company|gmbh|ag|kg|sarl|jr|sr|ph\.?d|m\.?d"
    r"|s\.?a|s\.?l|b\.?v|n\.?v|s\.?p\.?a|ii|iii|iv)\.?",
    re.IGNORECASE,
)
_ENDS: Final = ". \t"


@dataclass(frozen=True, slots=True)
class _Markup:
    """How a style writes text, and a link of text and URL."""

    escape: Callable[[str], str]
    link: Callable[[str, str], str]


def _escape_markdown(text: str) -> str:
    return quote.markdown(text, _LONGEST)


def _escape_html(text: str) -> str:
    return quote.html(text, _LONGEST)


_MARKDOWN: Final = _Markup(
    _escape_markdown,
    # In a link a character reference would be read as what it stands for.
    lambda text, url: f"[{text}](<{_REFERENCE.sub('&amp;', url)}>)",
)
_HTML: Final = _Markup(
    _escape_html, lambda text, url: f'<a href="{quote.html(url, _LONGEST_URL)}">{text}</a>'
)


def cite(attribution: Attribution, style: str, changes: str = "") -> str:
    """The credit line, ready to paste; raises ``UsageError`` for an unknown style.

    ``changes`` says in a few words what was changed, where something was: most licences
    that allow changes ask for it (CC BY 4.0 3(a)(1)(B)).
    """
    known: tuple[CitationStyle, ...] = get_args(CitationStyle)
    chosen = next((each for each in known if each == style), None)
    if chosen is None:
        accepted = ", ".join(known)
        raise UsageError(f"unknown citation style {style!r}; accepted: {accepted}")
    match chosen:
        case "text":
            said = _changes(changes)
            written = quote.text(attribution.text, _LONGEST)
            return _sentences([written, quote.text(said, _LONGEST)] if said else [written])
        case "markdown":
            return _linked(attribution, _MARKDOWN, changes)
        case "html":
            return _linked(attribution, _HTML, changes)
        case "bibtex":
            return _bibtex(attribution, changes)
    assert_never(chosen)


def line(attribution: Attribution) -> str:
    """The credit line as one line of plain text, URLs written out; ``text`` is not looked at."""
    title, collection = attribution.title, attribution.collection
    parts = [f"\u201c{title}\u201d" if title else ""]
    wish = address(attribution.credit_url)
    said, names = _who(attribution)
    if names:
        named = said + ", ".join(names)
        parts.append(f"{named} ({wish})" if wish and _differs(wish, attribution.url) else named)
    if collection:
        parts.append(f"in {collection}" if title else collection)
    parts.append(address(attribution.url) or attribution.url)
    if not names and wish and _differs(wish, attribution.url):
        parts.append(wish)
    if attribution.licence:
        parts.append(_licensed(attribution))
    sentences = [", ".join(part for part in parts if part), *_notice(attribution)]
    return quote.text(_sentences(sentences), _LONGEST)


def address(url: str | None) -> str | None:
    """A URL that may be linked to, printable and without octets that end a link; else ``None``.

    Only http, https and mailto are linked.
    """
    if url is None or not _ADDRESS.match(url.strip()):
        return None
    bare = url.strip()
    if not bare.lower().startswith("mailto:"):
        bare = quote.without_userinfo(bare)
    safe = percent(bare.encode("utf-8", "surrogatepass"), safe=_IN_ADDRESSES)
    return safe if len(safe) <= _LONGEST_URL else None


def _linked(attribution: Attribution, markup: _Markup, changes: str) -> str:
    def linked(text: str, url: str | None) -> str:
        shown = markup.escape(text)
        return markup.link(shown, url) if url else shown

    url, wish = address(attribution.url), address(attribution.credit_url)
    # Title and name are links of their own: the work's URL is the source that licences ask
    # for, the other is what the page asks to be linked to (ccREL, 4.2).
    wish = wish if wish and _differs(wish, attribution.url) else None
    title, collection = attribution.title, attribution.collection
    said, names = _who(attribution)
    alone = not names and not (title and collection)
    parts = [linked(title or collection or attribution.url, wish if alone and wish else url)]
    if names:
        parts.append(markup.escape(said) + linked(", ".join(names), wish))
    if collection and title:
        parts.append("in " + linked(collection, None if names else wish))
    if attribution.licence:
        # Escaping drops a blank in front, as that before an "and".
        parts.append(
            "".join(
                " " * text.startswith(" ") + linked(text.removeprefix(" "), url)
                for text, url in _licence_parts(attribution)
            )
        )
    said_changes = _changes(changes)
    after = [*_notice(attribution), *([said_changes] if said_changes else [])]
    return _sentences([", ".join(parts), *(markup.escape(each) for each in after)])


def _licence_parts(attribution: Attribution) -> Iterator[tuple[str, str | None]]:
    """The words that name the licences, in pieces: each name with its URL, what joins them without.

    Names are looked for in their order, each as a whole word: ``MIT`` is not in ``MIT-0``.
    """
    said = attribution.licence or ""
    if not attribution.licences:
        yield said, address(attribution.licence_url)
        return
    shown = at = 0
    for each in attribution.licences:
        found = re.compile(rf"(?<![\w.+-]){re.escape(each.name)}(?![\w.+-])").search(said, at)
        if found is None or not each.name:
            continue
        begin, at = found.span()
        if url := address(each.url):
            if begin > shown:
                yield said[shown:begin], None
            yield said[begin:at], url
            shown = at
    if shown < len(said):
        yield said[shown:], None


def _licensed(attribution: Attribution) -> str:
    """The licences with their URLs written out."""
    return "".join(
        f"{text} ({url})" if url and url != text else text
        for text, url in _licence_parts(attribution)
    )


def _who(attribution: Attribution) -> tuple[str, tuple[str, ...]]:
    """Whom to name and what to say before it: as the page asks, else its creators."""
    text = attribution.credit_text
    if text:
        return ("" if _SAYS_HOW.match(text) else "by "), (text,)
    return ("by ", attribution.creators) if attribution.creators else ("", ())


def _notice(attribution: Attribution) -> tuple[str, ...]:
    """The copyright notice, which licences ask to keep (CC BY 4.0 3(a)(1)(A)(ii), MIT)."""
    notice = attribution.copyright_notice
    return (notice,) if notice and attribution.licence and notice != attribution.credit_text else ()


def _changes(changes: str) -> str:
    said = _CHANGES.sub("", " ".join(changes.split()), count=1).strip(_ENDS)
    return f"Changes: {said}" if said else ""


def _sentences(parts: list[str]) -> str:
    """One part as it is; of several each a sentence."""
    if len(parts) == 1:
        return parts[0]
    return " ".join(part if part.endswith(".") else part + "." for part in parts)


def _differs(one: str, other: str) -> bool:
    return one.rstrip("/") != (address(other) or other).rstrip("/")


# A brace counts in BibTeX even after a backslash, so none is left but in pairs.
_BIBTEX_SPECIAL: Final = {
    "\\": "\\textbackslash{}",
    "{": "\\textbraceleft{}",
    "}": "\\textbraceright{}",
    "$": "\\$",
    "&": "\\&",
    "%": "\\%",
    "#": "\\#",
    "_": "\\_",
    "~": "\\textasciitilde{}",
    "^": "\\textasciicircum{}",
}


def _bibtex(attribution: Attribution, changes: str) -> str:
    title, url = attribution.title, address(attribution.url)
    fields = [("title", "{" + tex(title or attribution.collection or attribution.url) + "}")]
    text = attribution.credit_text
    names = attribution.creators or ((text,) if text else ())
    if names:
        braced = [f"{{{tex(each)}}}" if each == text else bibtex_name(each) for each in names]
        fields.append(("author", " and ".join(braced)))
    if attribution.collection and title:
        fields.append(("howpublished", tex(attribution.collection)))
    published = _YEAR.match(attribution.first("published", "modified") or "")
    if published:
        fields.append(("year", published[1]))
    if url:
        fields.append(("url", url))
    if note := _note(attribution, changes):
        fields.append(("note", tex(note)))
    body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields)
    return f"@misc{{{_key(attribution.url)},\n{body}\n}}"


def bibtex_name(name: str) -> str:
    """A name as BibTeX has authors: in two parts where it is plainly ``Last, First``, else whole.

    Which part of another name is which is never guessed: *Contributeurs de Wikip\u00e9dia* is no
    de Wikip\u00e9dia.
    """
    last, comma, first = (each.strip() for each in name.partition(","))
    plain = comma and _PART.fullmatch(last) and _PART.fullmatch(first)
    if plain and not _NO_PART.search(name) and not _NO_FIRST.fullmatch(first):
        return tex(name)
    return f"{{{tex(name)}}}"


def _note(attribution: Attribution, changes: str) -> str:
    parts: list[str] = []
    if attribution.licence:
        parts.append(_licensed(attribution))
    text, wish = attribution.credit_text, address(attribution.credit_url)
    if text and attribution.creators and text not in attribution.creators:
        parts.append(text if _SAYS_HOW.match(text) else f"Credit: {text}")
    if wish and _differs(wish, attribution.url):
        parts.append(wish)
    parts += _notice(attribution)
    if said := _changes(changes):
        parts.append(said)
    return _sentences(parts) if parts else ""


def tex(text: str) -> str:
    """The same line, safe in BibTeX and in LaTeX text, braces in pairs."""
    return "".join(_BIBTEX_SPECIAL.get(c, c) for c in quote.text(text, _LONGEST))


def _key(url: str) -> str:
    """A key made of the URL, with a few digits of its hash, since others may look the same."""
    key = re.sub(r"[^a-z0-9]+", "-", url.split("://", 1)[-1].lower())[:60].strip("-")
    return f"{key}-{sha256(url.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}".strip("-")
