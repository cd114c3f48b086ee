"""What a robots.txt says to other crawlers, as a hint about training (rule R37)."""

from dataclasses import dataclass

from signals_agent import crawlers
from signals_agent.model.note import Note, Severity
from signals_agent.robots import access, groups
from signals_agent.robots.groups import Group
from signals_agent.robots.parse import RobotsFile

ENOUGH = 3
"""This many refused training crawlers that the file names leave a note."""

_AT_MOST = 6


def refused_training_crawlers(file: RobotsFile, target: bytes) -> tuple[str, ...]:
    """The tokens, lower-case, of the training crawlers that the file names and refuses here.

    Tokens that only control training count too. What is refused under either reading of
    the groups is refused (rule R14).
    """
    named: tuple[_Named, ...] | None = file.memo.get("training crawlers")
    if named is None:
        named = _named_in(file)
        file.memo["training crawlers"] = named
    if sum(len(one.tokens) for one in named) < ENOUGH:
        return ()
    return tuple(sorted(token for one in named if one.refused(target) for token in one.tokens))


def note(refused: tuple[str, ...]) -> Note:
    """The note that training crawlers are refused, and whose: no declaration to us, but a hint."""
    shown = ", ".join(_shown(token) for token in refused[:_AT_MOST])
    more = f" and {len(refused) - _AT_MOST} more" if len(refused) > _AT_MOST else ""
    return Note(
        code="robots-training-crawlers-refused",
        severity=Severity.INFO,
        summary=(
            f"robots.txt refuses {len(refused)} training crawlers here: {shown}{more}; "
            "that is not said to us, and a policy may count it (training_crawlers_refused)"
        ),
        clause="rule R37",
    )


@dataclass(frozen=True, slots=True)
class _Named:
    """Training crawlers for which the same lines hold, under either reading."""

    ours: Group
    legacy: Group
    tokens: list[str]

    def refused(self, target: bytes) -> bool:
        if not access.decide(self.ours, target).allowed:
            return True
        return self.legacy is not self.ours and not access.decide(self.legacy, target).allowed


def _named_in(file: RobotsFile) -> tuple[_Named, ...]:
    """The training crawlers that the file names; those of one block are judged once."""
    found: list[_Named] = []
    names = {
        groups.token(record.value).lower() for record in file.records if record.key == "user-agent"
    }
    for token in sorted(name for name in names if _trains(name)):
        ours, legacy = groups.both(file, (token,))
        for one in found:
            if (one.ours.records, one.legacy.records) == (ours.records, legacy.records):
                one.tokens.append(token)
                break
        else:
            found.append(_Named(ours, legacy, [token]))
    return tuple(found)


def _trains(token: str) -> bool:
    crawler = crawlers.known(token)
    return crawler is not None and crawler.trains


def _shown(token: str) -> str:
    crawler = crawlers.known(token)
    return f"{crawler.token} ({crawler.operator})" if crawler else token
