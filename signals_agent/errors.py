"""Every exception that this package raises.

    SignalsAgentError
    ├── UsageError             the caller asked for something that cannot be (exit code 2)
    │   ├── InvalidURL         not an absolute http or https URL
    │   ├── UnknownUse         not one of the five uses; often an AIPREF label
    │   ├── UnknownVocabulary  not ``cumulative`` and not a published draft
    │   ├── PolicyError        a policy that is not valid, or contradicts itself
    │   └── ConfigError        a configuration file, option or input file that is not valid
    ├── MissingExtra           an optional package is needed and not installed
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


class MissingExtra(SignalsAgentError):
    """An optional package is needed and not installed; the message has the pip command."""


class ClosedAgent(SignalsAgentError, RuntimeError):
    """An ``Agent`` was used before it was entered or after it was left."""
