"""Whom to credit for an asset, from the page's own metadata (rule R24)."""

from signals_agent import url as urls
from signals_agent.locate import html
from signals_agent.model import attribution
from signals_agent.model.attribution import Attribution
from signals_agent.model.capture import Capture


def credit(asset: Capture, because: tuple[str, ...] = ()) -> Attribution:
    """The credit line's facts: title and collection as the page gives them, and its URL."""
    url = urls.parse(asset.url)
    facts = html.facts(asset)
    collection = facts.collection or url.origin.split("://", 1)[1]
    return Attribution(
        url=url.text,
        text=attribution.line(url.text, facts.title, facts.creators, collection),
        collection=collection,
        title=facts.title,
        creators=facts.creators,
        because=because,
    )
