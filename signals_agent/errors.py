"""Every exception that this package raises.

    SignalsAgentError
    ├── UsageError             the caller asked for something that cannot be (exit code 2)
    │   ├── InvalidURL         not an absolute http or https URL
    │   ├── UnknownUse         not one of the five uses; often an AIPREF label
    │   ├── UnknownVocabulary  not ``cumulative`` and not a published draft
    │   ├── PolicyError        a policy that is not valid, or contradicts itself
    │   └── ConfigError        a configuration file, option or input file that is not valid
    ├── EvidenceError          what a result rests on is missing, damaged, or of newer software
    ├── MissingExtra           an optional package is needed and not installed
    ├── StoreError             a ledger, or a record of a run, that cannot be read or written
    ├── Refused                a wrapped client was asked for what is skipped, or held
    └── ClosedAgent            an ``Agent`` was used outside its ``async with`` block

What publishers send never raises: it leaves notes.
"""


class SignalsAgentError(Exception):
    """The root of every exception that this package raises."""


class UsageError(SignalsAgentError, ValueError):
    """The caller asked for something that cannot be; the message names what is accepted."""


class InvalidURL(UsageError):
    """The text is not an absolute http or https URL (rule R33)."""


class UnknownUse(UsageError):
    """The text names no use (rules, section 1); the message lists the uses."""


class UnknownVocabulary(UsageError):
    """The text names neither the cumulative reading nor a published draft (rule R1)."""


class PolicyError(UsageError):
    """A policy that is not valid, or contradicts itself (rule R26)."""


class ConfigError(UsageError):
    """A configuration file, an option or an input file that cannot be used."""


class EvidenceError(SignalsAgentError):
    """What a result rests on is not there, is damaged, or was written by newer software (R30)."""


class MissingExtra(SignalsAgentError):
    """An optional package is needed and not installed; the message has the pip command."""


class Refused(SignalsAgentError):
    """A wrapped client was asked for an asset that is skipped, or held, by its policy (R27).

    ``decision`` is ``"skip"`` or ``"hold"``, ``reasons`` are the reason codes. ``answer`` is
    the ``Permit`` where the asset was not asked for, the ``Assessment`` where it was.
    """

    def __init__(
        self, url: str, decision: str, reasons: tuple[str, ...], text: str, answer: object
    ) -> None:
        super().__init__(f"{decision} {url}: {text or ', '.join(reasons)}")
        self.url = url
        self.decision = decision
        self.reasons = reasons
        self.text = text
        self.answer = answer

    def __reduce__(self) -> tuple[object, ...]:
        """How it crosses to another process: without its answer, which stays here."""
        return type(self), (self.url, self.decision, self.reasons, self.text, None)


class StoreError(SignalsAgentError):
    """A ledger, or what is recorded of a run, cannot be opened, read or written.

    The message names the file and says why.
    """


class ClosedAgent(SignalsAgentError, RuntimeError):
    """An ``Agent`` was used before it was entered or after it was left."""
