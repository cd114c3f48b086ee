"""How two states are held against each other, in one pass over both in the order of URLs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from signals_agent.audit.difference import likeness
from signals_agent.audit.difference.compare import compare
from signals_agent.audit.difference.likeness import Result
from signals_agent.audit.difference.nouns import Changed, Counts
from signals_agent.audit.difference.states import Held, State
from signals_agent.audit.difference.weighing import Pair, Weigher
from signals_agent.model.assessment import Assessment
from signals_agent.model.use import Use
from signals_agent.policy import Policy
from signals_agent.store import stored

_KEPT = 5
"""How many ways of asking are told of one state; they are few, or nobody reads them."""


@dataclass(slots=True)
class Asked:
    """How one state was asked for, as far as its results show it: each way once, in words."""

    policies: list[str] = field(default_factory=list)
    uses: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    vocabularies: list[str] = field(default_factory=list)
    software: list[str] = field(default_factory=list)

    def note(self, result: Result) -> None:
        """Another result."""
        verdict, tool = result.get("verdict"), result["tool"]
        policy = verdict["policy"] if verdict else {"name": "none", "sha256": ""}
        crawler = f" ({result['acquired_by']})" if "acquired_by" in result else ""
        for kept, told in (
            (self.policies, f"{policy['name']} {policy['sha256'][:12]}".strip()),
            (self.uses, ", ".join(verdict["uses"]) if verdict else "every use"),
            (self.tokens, ", ".join(result["tokens"]) + crawler),
            (self.vocabularies, result["vocabulary"]),
            (self.software, f"{tool['version']}, tables {tool['tables']}"),
        ):
            if told not in kept and len(kept) < _KEPT:
                kept.append(told)


class Differ:
    """Two states that are compared; ``counts`` and ``asked`` are whole when it is done.

    ``uses`` are those of interest, where they are given. ``policy`` weighs both; where none is
    given both are weighed by each of their own where these are others. ``weighed`` counts
    URLs that had to be weighed anew.
    """

    def __init__(
        self,
        before: State,
        after: State,
        uses: Sequence[Use] = (),
        policy: Policy | None = None,
    ) -> None:
        self.before = before
        self.after = after
        self.uses = tuple(uses)
        self.policy = policy
        self.counts = Counts()
        self.asked = (Asked(), Asked())
        self.weighed = 0
        self._weigher = Weigher(policy)
        self._noted = False

    def changes(self) -> Iterator[Changed]:
        """What changed, URL by URL in their order; raises ``StoreError``."""
        counts = self.counts
        for was, is_ in _merged(self.before.rows(), self.after.rows()):
            counts.before += was is not None
            counts.after += is_ is not None
            if was is None or is_ is None:
                self._only(was, is_)
                continue
            counts.both += 1
            if not (was.result and is_.result):
                self._unasked(was, is_)
                continue
            found = self._compared(was, is_)
            if found is not None:
                counts.verdicts[found.verdict] += 1
                counts.lost += found.lost
                counts.unweighed += found.unweighed
                yield found

    def _only(self, was: Held | None, is_: Held | None) -> None:
        if was is not None:
            self.counts.only_before.add(was.url)
        elif is_ is not None:
            self.counts.only_after.add(is_.url)

    def _unasked(self, was: Held, is_: Held) -> None:
        if was.result:
            self.counts.unasked.add(was.url)
            self.counts.lost += 1
        elif is_.result:
            self.counts.unasked_before.add(was.url)
        else:
            self.counts.neither += 1

    def _compared(self, was: Held, is_: Held) -> Changed | None:
        if self._noted and likeness.alike_as_text(was.result, is_.result):
            return None
        old, new = likeness.parsed(was.result, was.entry), likeness.parsed(is_.result, is_.entry)
        try:
            for asked, result in zip(self.asked, (old, new), strict=True):
                asked.note(result)
            self._noted = True
            if likeness.alike(old, new):
                return None
        except (AttributeError, LookupError, TypeError):
            for each in (was, is_):
                _built(each)  # which tells what is wrong, as of any damaged entry
            raise
        before, after = _built(was), _built(is_)
        pairs: tuple[Pair, ...] = ((before, after),)
        unweighed = False
        if self._weigher.needed(before, after):
            self.weighed += 1
            anew = self._weigher.weigh(
                self.before.evidence(was.entry), self.after.evidence(is_.entry)
            )
            pairs, unweighed = anew or pairs, not anew
        return compare(was.url, pairs, self.uses, unweighed)


def _built(held: Held) -> Assessment:
    try:
        return stored.result(held.result)[1]
    except ValueError as error:
        raise stored.damaged(held.entry, error) from None


def _merged(
    before: Iterator[Held], after: Iterator[Held]
) -> Iterator[tuple[Held | None, Held | None]]:
    """Both in the order of URLs, those of one URL together."""
    was, is_ = next(before, None), next(after, None)
    while was is not None or is_ is not None:
        if is_ is None or (was is not None and was.url < is_.url):
            yield was, None
            was = next(before, None)
        elif was is None or is_.url < was.url:
            yield None, is_
            is_ = next(after, None)
        else:
            yield was, is_
            was, is_ = next(before, None), next(after, None)
