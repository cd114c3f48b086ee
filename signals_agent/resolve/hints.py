"""What a robots.txt says to other crawlers, as a hint about training (rule R37)."""

from signals_agent.crawlers import TRAINING
from signals_agent.model.note import Note, Severity
from signals_agent.robots import access, groups
from signals_agent.robots.groups import Reading
from signals_agent.robots.parse import RobotsFile

ENOUGH = 3
"""This many refused training crawlers of their own leave a note."""


def refused_training_crawlers(file: RobotsFile, target: bytes) -> tuple[str, ...]:
    """The training crawlers that the file names in a group of their own and refuses here."""
    named: tuple[str, ...] | None = file.memo.get("training crawlers")
    if named is None:
        tokens = {
            groups.token(record.value).lower()
            for record in file.records
            if record.key == "user-agent"
        }
        named = file.memo["training crawlers"] = tuple(sorted(tokens & TRAINING.keys()))
    if len(named) < ENOUGH:
        return ()
    return tuple(
        token
        for token in named
        if not access.decide(groups.choose(file, (token,), Reading.AIPREF), target).allowed
    )


def note(refused: tuple[str, ...]) -> Note:
    """The note that training crawlers are refused: no declaration to us, but a hint."""
    return Note(
        code="robots-training-crawlers-refused",
        severity=Severity.INFO,
        summary=(
            f"robots.txt refuses {len(refused)} training crawlers here "
            f"({', '.join(refused[:6])}{', ...' if len(refused) > 6 else ''}); "
            "that is not said to us, and a policy may count it"
        ),
        clause="rule R37",
    )
