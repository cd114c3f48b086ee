"""What publishers ask of AI, per URL and use, as obligations that a pipeline can meet."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from signals_agent.agent import Agent
    from signals_agent.errors import (
        ClosedAgent,
        ConfigError,
        EvidenceError,
        InvalidURL,
        MissingExtra,
        PolicyError,
        Refused,
        SignalsAgentError,
        StoreError,
        UnknownUse,
        UnknownVocabulary,
        UsageError,
    )
    from signals_agent.limits import Limits
    from signals_agent.model.assessment import Assessment
    from signals_agent.model.capture import (
        ABSENT,
        NOT_LOOKED,
        UNREACHABLE,
        Availability,
        Capture,
    )
    from signals_agent.model.obligation import ObligationKind
    from signals_agent.model.statement import Preference
    from signals_agent.model.use import Use
    from signals_agent.model.verdict import Decision, ReasonCode
    from signals_agent.pipeline import Permit, PermitAnswer, assess, permit
    from signals_agent.policy import Policy
    from signals_agent.store import Ledger
    from signals_agent.version import VERSION

    __version__ = VERSION

_WHERE = {
    "ABSENT": "model.capture",
    "Agent": "agent",
    "Assessment": "model.assessment",
    "Availability": "model.capture",
    "Capture": "model.capture",
    "ClosedAgent": "errors",
    "ConfigError": "errors",
    "Decision": "model.verdict",
    "EvidenceError": "errors",
    "InvalidURL": "errors",
    "Ledger": "store",
    "Limits": "limits",
    "MissingExtra": "errors",
    "NOT_LOOKED": "model.capture",
    "ObligationKind": "model.obligation",
    "Permit": "pipeline",
    "PermitAnswer": "pipeline",
    "Policy": "policy",
    "PolicyError": "errors",
    "Preference": "model.statement",
    "ReasonCode": "model.verdict",
    "Refused": "errors",
    "SignalsAgentError": "errors",
    "StoreError": "errors",
    "UNREACHABLE": "model.capture",
    "UnknownUse": "errors",
    "UnknownVocabulary": "errors",
    "UsageError": "errors",
    "Use": "model.use",
    "assess": "pipeline",
    "permit": "pipeline",
}

__all__ = [
    "ABSENT",
    "NOT_LOOKED",
    "UNREACHABLE",
    "Agent",
    "Assessment",
    "Availability",
    "Capture",
    "ClosedAgent",
    "ConfigError",
    "Decision",
    "EvidenceError",
    "InvalidURL",
    "Ledger",
    "Limits",
    "MissingExtra",
    "ObligationKind",
    "Permit",
    "PermitAnswer",
    "Policy",
    "PolicyError",
    "Preference",
    "ReasonCode",
    "Refused",
    "SignalsAgentError",
    "StoreError",
    "UnknownUse",
    "UnknownVocabulary",
    "UsageError",
    "Use",
    "assess",
    "permit",
]


def __getattr__(name: str) -> object:
    if name == "__version__":
        return import_module("signals_agent.version").VERSION
    if name not in _WHERE:
        raise AttributeError(f"module 'signals_agent' has no attribute {name!r}")
    value = getattr(import_module(f"signals_agent.{_WHERE[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *_WHERE])
