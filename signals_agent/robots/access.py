"""Whether the chosen lines let us fetch a path, asked of two engines (RFC 9309 2.2.2)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from protego import Protego

from signals_agent.robots.groups import Group
from signals_agent.robots.match import Pattern, pattern
from signals_agent.robots.parse import Record
from signals_agent.robots.rules import PrefixIndex


@dataclass(frozen=True, slots=True)
class AccessDecision:
    """Whether a path may be fetched, and the line that decided.

    ``record`` is ``None`` where no line matches, and where a refusal that only Protego
    gives cannot be put down to one line. ``disagreement`` says that Protego and our own
    matcher answered differently; the answer is then the refusal.
    """

    allowed: bool
    record: Record | None = None
    disagreement: bool = False


FREE = AccessDecision(True)
"""No line matches: the path may be fetched."""

# The octets that both engines leave as they are, so that a rule which begins with them
# can match only what begins with them, whichever engine is asked.
_PLAIN = re.compile(rb"[A-Za-z0-9._~/-]*")
_BEYOND_ASCII = re.compile(rb"[^\x20-\x7e]")
_SETS_KEPT = 8
_ORIGIN = "http://site"


@dataclass(slots=True)
class _Engines:
    """A group's rules, and Protego on those that can bear on a target.

    Protego reads a handful of lines much faster than a whole group, and a crawler that
    asks about one path needs no more. After a few different handfuls it reads the group.
    ``plain`` marks the rules that are nothing but a prefix: among those alone both engines
    compare the same octets, so Protego is not asked.
    """

    rules: list[Record]
    plain: list[bool]
    index: PrefixIndex[int]
    patterns: dict[int, Pattern] = field(default_factory=dict)
    by_lines: dict[tuple[int, ...], Protego] = field(default_factory=dict)
    whole: Protego | None = None

    def protego(self, lines: tuple[int, ...]) -> Protego:
        if self.whole is not None:
            return self.whole
        engine = self.by_lines.get(lines)
        if engine is None:
            if len(self.by_lines) < _SETS_KEPT:
                engine = self.by_lines[lines] = _protego(self.rules[i] for i in lines)
            else:
                engine = self.whole = _protego(self.rules)
                self.by_lines.clear()
        return engine


def decide(group: Group, target: bytes) -> AccessDecision:
    """Whether a crawler that this group governs may fetch a target from ``match.target``.

    The longest matching pattern decides, Allow wins among equals, and /robots.txt itself
    is free (RFC 9309 2.2.2). Protego is asked too; where it differs, the refusal counts.
    """
    engines: _Engines | None = group.memo.get("access")
    if engines is None:
        engines = group.memo["access"] = _engines(group)
    candidates = engines.index.candidates(target)
    if not candidates or target == b"/robots.txt":
        return FREE
    candidates.sort()
    rules, patterns = engines.rules, engines.patterns
    best: Record | None = None
    rank = (-1, False)
    for i in candidates:
        rule = rules[i]
        compiled = patterns.get(i)
        if compiled is None:
            compiled = patterns[i] = pattern(rule.value)
        this = (compiled.length, rule.key == "allow")
        if this > rank and compiled.matches(target):
            best, rank = rule, this
    ours = best is None or best.key == "allow"
    plain = engines.plain
    if all(map(plain.__getitem__, candidates)):
        return AccessDecision(ours, best)
    theirs = engines.protego(tuple(candidates)).can_fetch(_ORIGIN + target.decode("ascii"), "*")
    if ours == theirs:
        return AccessDecision(ours, best)
    if ours:
        best = _refusing((rules[i] for i in candidates), target) or best
    return AccessDecision(False, best, disagreement=True)


def _engines(group: Group) -> _Engines:
    rules = [r for r in group.records if r.value and r.key in ("allow", "disallow")]
    prefixes = [_prefix(rule) for rule in rules]
    plain = [prefix == rule.value for prefix, rule in zip(prefixes, rules, strict=True)]
    return _Engines(rules, plain, PrefixIndex((each, i) for i, each in enumerate(prefixes)))


def _prefix(rule: Record) -> bytes:
    """What every target begins with on which either engine could let this rule bear."""
    value = rule.value
    found = _PLAIN.match(value)
    prefix = found[0] if found else b""
    if not prefix.startswith(b"/"):
        # Protego puts a "/" before a rule that is a whole URL.
        return b"" if value.startswith((b"http", b"*", b"%")) else prefix
    if rule.key == "allow" and (b"%" in value or value.endswith(b"/index.html")):
        # Protego lets an allowed /a/index.html allow /a/ as well.
        return prefix[: prefix.rfind(b"/") + 1]
    return prefix


def _protego(rules: Iterable[Record]) -> Protego:
    lines = ["User-agent: *"]
    for rule in rules:
        # Encoded, lest Protego ends the line at a character that ends none here (rule R13b).
        value = _BEYOND_ASCII.sub(lambda found: b"%%%02X" % found[0][0], rule.value)
        lines.append(f"{rule.key}: {value.decode('ascii')}")
    return Protego.parse("\n".join(lines))


def _refusing(rules: Iterable[Record], target: bytes) -> Record | None:
    """The line for which Protego refuses, for the record; looked for among a few only."""
    disallows = sorted((r for r in rules if r.key == "disallow"), key=lambda r: -len(r.value))
    url = _ORIGIN + target.decode("ascii")
    for rule in disallows[:64]:
        if not _protego((rule,)).can_fetch(url, "*"):
            return rule
    return None
