"""What each address of a wild web may come to, said by hand and not by what is tested.

The web has numbered origins. What an origin is follows from its number, what a page is
from its path, so that a server (``wild_farm``) and a test agree without a word. A third
of the addresses is broken.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

USE = "train-generative"
"""The use that is asked for, and judged by the preset *standard*, without commitments."""
TOKEN = "WildBot"
LEFT = "left"
"""What stands in the log of requests where who asked has left before all was sent."""


@dataclass(frozen=True, slots=True)
class Told:
    """All that may be answered: decisions, how looking at the asset ended, access."""

    decisions: frozenset[str]
    asset: frozenset[str]
    access: frozenset[str] = frozenset({"allowed"})

    @classmethod
    def row(cls, text: str) -> "Told":
        """From ``decisions | availability | access``, each in words; access is allowed else."""
        return cls(*(frozenset(part.split()) for part in text.split("|")))


@dataclass(frozen=True, slots=True)
class Listed:
    """One address: what it is, and what may be answered."""

    url: str
    origin: int
    trait: str
    kind: str
    told: Told
    broken: bool
    asked_at_most: int
    """How often the very path may be asked for: once, or thrice where asking again may help."""

    def allows(self, decision: str, asset: str, access: str) -> bool:
        """Whether this may be answered."""
        told = self.told
        return decision in told.decisions and asset in told.asset and access in told.access


FINE = {
    # Nobody says anything.
    "silent": "ingest | present",
    "plain-text": "ingest | present",
    "close-delimited": "ingest | present",
    "chunked": "ingest | present",
    "gzipped": "ingest | present",
    "deflated": "ingest | present",
    "one-hint": "ingest | present",
    "trailers": "ingest | present",
    "cookies": "ingest | present",
    "no-type": "ingest | present",
    "strange-charset": "ingest | present",
    "slowly": "ingest | present",
    # Somebody does.
    "header-yes": "ingest | present",
    "header-no": "skip | present",
    "header-no-other-label": "skip | present",
    "header-no-misspelt": "skip | present",
    "header-credit": "hold | present",
    "header-credit-direct": "hold | present",
    "header-credit-ecosystem": "hold | present",
    "header-open": "hold | present",
    "header-broken": "hold | present",
    "meta-no": "skip | present",
    "meta-credit": "hold | present",
    "meta-yes": "ingest | present",
    "signal-no": "skip | present",
    "signal-search": "ingest | present",
    "noai-meta": "skip | present",
    "noai-header": "skip | present",
    "noai-charset": "skip | present",
    "tdm-header": "skip | present",
    "tdm-meta": "skip | present",
    "tdm-none": "ingest | present",
    "tdm-policy": "hold | present",
    "tdm-policy-lost": "skip | present",
    "licence-by": "ingest | present",
    "licence-nc": "ingest | present",
    "rsl-no": "skip | present",
    "rsl-pay": "hold | present",
    "rsl-credit": "hold | present",
    "rsl-lost": "skip | present",
    "rsl-inline": "skip | present",
    "credit-data": "hold | present",
    # There is no asset, and somebody says why.
    "pay-402": "hold | unavailable",
    "licence-401": "hold | unavailable",
    "price-403": "hold | unavailable",
    "plain-401": "skip | unavailable",
    "plain-403": "skip | unavailable",
    "law-451": "skip | unavailable",
    "missing-404": "skip | absent",
    "gone-410": "skip | absent",
    # It is elsewhere.
    "moved": "ingest | present",
    "moved-to-no": "skip | present",
    "chain-9": "ingest | present",
    "elsewhere": "ingest | present",
    "elsewhere-missing": "skip | absent",
    "elsewhere-refused": "skip | not-looked | disallowed",
    # The address is odd.
    **{f"odd-{n}": "ingest | present" for n in range(10)},
}
"""Pages of a web that works: kind -> what may be answered."""

BROKEN = {
    "reset-before": "hold | unreachable",
    "reset-in-head": "hold | unreachable",
    "reset-in-body": "hold | unreachable",
    "reset-in-chunks": "hold | unreachable",
    "closed-before": "hold | unreachable",
    "closed-in-head": "hold | unreachable",
    "closed-in-body": "hold | unreachable",
    "closed-in-chunks": "hold | unreachable",
    "stalls-before": "hold | unreachable",
    "stalls-in-head": "hold | unreachable",
    "stalls-in-body": "hold | unreachable",
    "dribbled-head": "hold | unreachable",
    "dribbled-body": "hold | unreachable",
    "loop": "hold | unreachable",
    "loop-of-two": "hold | unreachable",
    "chain-15": "hold | unreachable",
    "moved-nowhere": "hold | not-looked",
    "moved-to-ftp": "hold | not-looked",
    "moved-to-script": "hold | not-looked",
    "moved-to-metadata": "hold | not-looked | undetermined",
    "moved-to-invalid": "hold | not-looked | undetermined",
    "elsewhere-dark": "hold | not-looked | undetermined",
    "elsewhere-closed": "hold | not-looked | undetermined",
    "bomb": "hold | unreadable",
    "bomb-in-bomb": "hold | unreadable",
    "bomb-of-members": "hold | unreadable",
    "brotli": "hold | unreadable",
    "gzip-garbage": "hold | unreadable",
    "gzip-cut": "hold | unreachable",
    "many-codings": "hold | unreadable",
    "endless-page": "hold | unreadable",
    "endless-head": "hold | unreadable",
    "endless-chunks": "hold | unreadable unreachable",
    "endless-empty-chunks": "hold | unreadable unreachable",
    "header-flood": "hold | unreadable",
    "header-lines": "hold | unreadable",
    "cookie-flood": "hold | unreadable",
    "hint-flood": "hold | unreadable unreachable",
    "status-line-flood": "hold | unreadable unreachable",
    "trailer-flood": "hold skip | unreadable unreachable present",
    "challenge-200": "hold | unreachable",
    "challenge-cookie": "hold | unreachable",
    "challenge-403": "hold | unreachable",
    "challenge-503": "hold | unreachable",
    "busy-429": "hold | unreachable",
    "busy-429-long": "hold | unreachable",
    "busy-429-garbage": "hold | unreachable",
    "busy-503-date": "hold | unreachable",
    "busy-once": "ingest hold | present unreachable",
    "broken-500": "hold | unreachable",
    "status-999": "hold | unreachable",
    "status-words": "hold | unreachable",
    "status-garbage": "hold | unreachable",
    "http-0.9": "hold | unreachable",
    "tls-alert": "hold | unreachable",
    "switching": "hold | unreachable",
    # Where a lenient reader may find its way, it finds a *no*.
    "bare-lf": "skip hold | present unreachable",
    "folded-field": "skip hold | present unreachable",
    "space-before-colon": "skip hold | present unreachable",
    "nul-in-field": "skip hold | present unreachable",
    "field-without-colon": "skip hold | present unreachable",
    "length-and-chunks": "skip hold | present unreachable",
    "length-too-short": "skip hold | present unreachable unreadable",
    "smuggled-answer": "skip hold | present unreachable",
    "two-lengths": "hold | unreachable",
    "length-too-long": "hold | unreachable",
    "length-negative": "hold | unreachable",
    "length-words": "hold | unreachable",
    "chunk-size-words": "hold | unreachable",
    "chunk-size-huge": "hold | unreachable unreadable",
    "chunk-extension": "hold | unreachable unreadable",
    "empty-200": "skip | absent",
    "none-204": "skip | absent",
    "none-205": "skip | absent",
    "same-304": "hold | not-looked",
    "part-206": "hold | unreadable",
    "wide-charset": "skip hold | present unreadable",
    "rsl-stalls": "hold | present unreachable",
    "rsl-bomb": "skip hold | present",
}
"""Pages of a web that does not: kind -> what may be answered."""

TRIES = frozenset(
    kind
    for kind in BROKEN
    if kind.startswith(("reset", "closed", "busy", "challenge-503", "gzip-cut", "tls"))
) | {"length-too-long", "chunk-size-words", "broken-500", "http-0.9", "switching"}
"""Where asking again may help; how often is what the tests look at, not whether."""


@dataclass(frozen=True, slots=True)
class Trait:
    """What an origin is like.

    ``effect`` is what its robots.txt and site files do to every page: *no* and *if* are
    what they say of the use, *unread* that one of them is there and cannot be read, *slow*
    that one never comes, *refused* and *dark* that nothing may be asked for. ``prefix`` is
    a folder where something else holds, ``inside``. ``weight`` says how many of the
    addresses are here, ``broken`` that they all count as such.
    """

    name: str
    effect: str = ""
    prefix: str = ""
    inside: str = ""
    weight: int = 4
    broken: bool = False
    scheme: str = "http"


def _dark(name: str, scheme: str = "http") -> Trait:
    return Trait(name, "dark", weight=1, broken=True, scheme=scheme)


TRAITS = (
    Trait("open"),
    Trait("robots-missing"),
    Trait("refuses-a-folder", prefix="/private", inside="refused"),
    _dark("port-closed"),
    Trait("asks-for-credit", "if"),
    Trait("refuses", "refused", weight=1),
    Trait("says-no", "no", weight=1),
    _dark("robots-500"),
    Trait("says-no-in-a-folder", prefix="/quiet", inside="no"),
    Trait("signals-yes"),
    _dark("never-answers"),
    Trait("tdm-folder", prefix="/reserved", inside="no"),
    Trait("licence-for-all", "if"),
    Trait("soft-404"),
    _dark("resets"),
    Trait("robots-10-mb", prefix="/private", inside="refused"),
    Trait("robots-binary"),
    _dark("robots-challenge"),
    Trait("robots-moved", prefix="/private", inside="refused"),
    Trait("robots-moved-6-times"),
    _dark("name-error"),
    Trait("crawl-delay"),
    Trait("secure", scheme="https"),
    _dark("self-signed", "https"),
    Trait("robots-403"),
    _dark("expired", "https"),
    Trait("tdm-broken", "unread", weight=1, broken=True),
    Trait("tdm-slow", "slow", weight=1, broken=True),
    _dark("no-tls", "https"),
    Trait("tdm-bomb", "unread", weight=1, broken=True),
    Trait("licence-lost", "no", weight=1),
    _dark("robots-429"),
    Trait("tdm-policy", "if"),
    _dark("banner"),
    Trait("robots-elsewhere"),
    _dark("robots-flood"),
)
"""What origins are like, over and over."""

_PLAIN = tuple(each for each in TRAITS if not (each.effect or each.prefix or each.broken))
_ODD = (
    "%zz%",
    "%00",
    "x%2e%2e%2fy",
    "x//double",
    ";p=1;q",
    "?a=1&b[]=2&c=%20",
    "?long=" + "x" * 3000,
    "caf\u00e9/\u65e5\u672c",
    "%C3%A9%c3%a9",
    "a%20b'(c)*!$,|",
)
_LOOPS = {"loop": 11, "loop-of-two": 6}
"""How often such an address is asked for, with ten redirects followed."""
CRAWL_DELAY = 0.2
"""Seconds that the origins with the trait ``crawl-delay`` ask for between requests."""


class Web:
    """A wild web of so many origins, by number; ``origins`` are their addresses."""

    def __init__(self, origins: Sequence[str]) -> None:
        self.origins = tuple(origins)

    def trait(self, number: int) -> Trait:
        """What an origin is like."""
        return trait(number)

    def first(self, name: str, after: int) -> str:
        """The address of the next origin with a trait."""
        count = len(self.origins)
        for step in range(1, count + 1):
            number = (after + step) % count
            if trait(number).name == name:
                return self.origins[number]
        raise LookupError(f"no origin is {name}: there must be {len(TRAITS)} or more")

    def of_every_kind(self) -> Iterator[Listed]:
        """An address of each kind, spread over the origins that leave pages alone, and a few of
        every other origin.
        """
        plain = [
            number
            for number in range(len(self.origins))
            if trait(number) in _PLAIN and trait(number).name != "crawl-delay"
        ]
        for k, kind in enumerate((*FINE, *BROKEN)):
            yield self.of_kind(plain[k % len(plain)], 11 * k, kind, kind in BROKEN)
        for number in range(len(self.origins)):
            if number not in plain:
                yield from (self.address(number, k) for k in range(6))

    def listed(self, count: int) -> Iterator[Listed]:
        """So many addresses, origin after origin, none twice."""
        weights = [trait(number).weight for number in range(len(self.origins))]
        total, before = sum(weights), 0
        for number, weight in enumerate(weights):
            first, before = before, before + weight
            here = count * before // total - count * first // total
            for k in range(here):
                yield self.address(number, k)

    def address(self, number: int, k: int) -> Listed:
        """The address of an origin with a number of its own."""
        return self.of_kind(number, k, *_kind(number, k))

    def of_kind(self, number: int, k: int, kind: str, broken: bool) -> Listed:
        """The same, of a kind that is chosen."""
        like = trait(number)
        inside = bool(like.prefix) and k % 5 == 1
        effect = like.inside if inside else like.effect
        path = f"{like.prefix if inside else ''}/{kind}/{k}"
        if kind.startswith("odd-"):
            path += "/" + _ODD[int(kind[4:])]
        return Listed(
            url=self.origins[number] + path,
            origin=number,
            trait=like.name,
            kind=kind,
            told=_under(effect, like.name, kind),
            # What robots.txt refuses is not asked for, so it is not broken.
            broken=like.broken or (broken and effect not in ("refused", "no")),
            asked_at_most=0
            if effect in ("refused", "no", "dark")
            else 3
            if kind in TRIES
            else _LOOPS.get(kind, 1),
        )


def trait(number: int) -> Trait:
    """What an origin is like, by its number."""
    return TRAITS[number % len(TRAITS)]


def _kind(number: int, k: int) -> tuple[str, bool]:
    """The kind of the k-th page of an origin, and whether it is broken: about one in four is."""
    kinds = (FINE, BROKEN)
    broken = (k + number) % 11 in (1, 5, 8)
    names = tuple(kinds[broken])
    return names[(k * 7 + number * 13 + k // 11) % len(names)], broken


def _under(effect: str, name: str, kind: str) -> Told:
    """What may be answered for a page under what its origin does."""
    told = Told.row((FINE | BROKEN)[kind])
    held = frozenset("hold" if each == "ingest" else each for each in told.decisions)
    if kind.startswith("tdm-") and name.startswith("tdm-"):
        # A header or a page supersedes the site's own file (rule R18): wholly, or but for the
        # policy that it names.
        held |= told.decisions | (frozenset({"hold"}) if effect == "if" else frozenset())
    if kind == "elsewhere" and effect in ("if", "unread") and name != "asks-for-credit":
        # Of an earlier hop counts what its robots.txt says of use (rule R16); whether a licence
        # that it names does, is left open here.
        held = told.decisions | (held if name == "licence-for-all" else frozenset())
    match effect:
        case "refused":
            return Told.row("skip | not-looked | disallowed")
        case "dark":
            return Told.row("hold | not-looked | undetermined")
        case "no":
            return Told.row("skip | not-looked")
        case "if" | "unread":
            return Told(held, told.asset, told.access)
        case "slow":
            # It is optional, but waiting for it may take the time of whoever waits.
            return Told(
                told.decisions | {"hold"},
                told.asset | {"unreachable", "not-looked"},
                told.access | {"allowed", "undetermined"},
            )
    return told
