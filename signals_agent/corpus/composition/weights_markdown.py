"""A weights policy as Markdown, with the front matter for a model card."""

from collections.abc import Iterator

from signals_agent import quote
from signals_agent.corpus.composition.nouns import Weights
from signals_agent.corpus.composition.weights import card, levels
from signals_agent.corpus.composition.words import assets, name
from signals_agent.licences.jurisdictions import NO_ADVICE

_SHOWN = 50


def render(found: Weights) -> Iterator[str]:
    """The document, line by line: trained on everything, and then on less."""
    yield "# Weights policy\n"
    for level in levels(found):
        yield "\n"
        yield from _section(level)
    yield f"\n{NO_ADVICE}\n"


def _section(found: Weights) -> Iterator[str]:
    if found.left_out:
        every = sum((extent for _, extent in found.left_out), found.extent)
        heading = f"Trained on {found.extent.assets:,} of {assets(every)}"
    elif found.extent.assets:
        heading = f"Trained on everything ({assets(found.extent)})"
    else:
        heading = "Nothing to train on"
    yield f"## {heading}: {found.release.replace('-', ' ')}\n"
    # All that is left out is named, so it is never cut.
    yield f"\n{quote.markdown(found.text, len(found.text))}\n"
    if found.reasons:
        yield "\n"
    for each in found.reasons[:_SHOWN]:
        yield f"- {_quoted(each)}\n"
    if len(found.reasons) > _SHOWN:
        yield f"- {len(found.reasons) - _SHOWN:,} more reasons; the JSON has them all.\n"
    if found.under:
        listed = " or ".join(_quoted(name(each)) for each in found.under)
        yield f"\nLicence of the checkpoints: {listed}.\n"
    yield "\nFor the model card:\n\n```yaml\n"
    for key, value in card(found).items():
        if isinstance(value, str):
            yield f"{key}: {value}\n"
        else:
            # A colon in a tag has to be quoted in YAML.
            yield f"{key}:\n" + "".join(f'  - "{each}"\n' for each in value)
    yield "```\n"


def _quoted(text: str) -> str:
    return quote.markdown(text, 2000)
