"""What a request of ours says beside its URL."""

from typing import Final

from signals_agent.fetch import coding
from signals_agent.model.capture import Role

_ACCEPT: Final = {
    Role.ASSET: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    Role.ROBOTS: "text/plain,*/*;q=0.5",
    Role.LICENCE_DOCUMENT: "application/rsl+xml,application/xml;q=0.9,text/xml;q=0.9,*/*;q=0.5",
    Role.POLICY_DOCUMENT: "application/ld+json,application/json;q=0.9,*/*;q=0.5",
    Role.SITE_FILE: "application/json,text/plain;q=0.9,*/*;q=0.5",
}


def accept(role: Role) -> str:
    """The ``Accept`` field for what a URL is asked for."""
    return _ACCEPT.get(role, "*/*")


def fields(user_agent: str, role: Role) -> dict[str, str]:
    """The header section, in order; ``Host`` stands before it."""
    return {
        "user-agent": user_agent,
        "accept-encoding": coding.ACCEPTED,
        "accept": accept(role),
    }
