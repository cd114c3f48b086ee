"""The table of AI crawlers: every token can be met in a robots.txt, and is found again."""

import re

import pytest

from signals_agent.crawlers import CRAWLERS, LEFT_OUT, Crawler, Purpose, known
from signals_agent.robots import groups

TRAIN = """
    GPTBot ClaudeBot anthropic-ai CCBot Google-Extended Applebot-Extended Bytespider TikTokSpider
    meta-externalagent FacebookBot Amazonbot AI2Bot Ai2Bot-Dolma cohere-training-data-crawler
    DeepSeekBot PanguBot Timpibot ICC-Crawler SBIntuitionsBot Cotoyogi YandexAdditional
    YandexAdditionalBot img2dataset LAIONDownloader FriendlyCrawler omgili omgilibot
    Webzio-Extended Diffbot Factset_spyderbot Brightbot ImagesiftBot Kangaroo Panscient
    VelenPublicWebCrawler MistralAI-Training
"""
INDEX = """
    OAI-SearchBot Claude-SearchBot PerplexityBot Amzn-SearchBot meta-webindexer Applebot
    AzureAI-SearchBot ExaSearchBot YouBot PetalBot Bravebot MistralAI-Index AddSearchBot
"""
FETCH = """
    ChatGPT-User Claude-User Claude-Web Perplexity-User MistralAI-User meta-externalfetcher
    Amzn-User Google-Agent Google-NotebookLM Google-GeminiNotebook DuckAssistBot
    Gemini-Deep-Research Kimi-User Devin Manus-User NovaAct
"""


@pytest.mark.parametrize("one", CRAWLERS, ids=lambda one: one.token)
def test_a_token_is_what_robots_txt_can_name(one: Crawler) -> None:
    assert groups.token(f"{one.token}/1.0".encode()) == one.token
    assert known(one.token.upper()) is one
    assert one.operator
    assert one.purposes
    assert one.note.isprintable()


def test_each_token_stands_once_and_in_order() -> None:
    tokens = [one.token.lower() for one in CRAWLERS]
    assert tokens == sorted(set(tokens))
    assert len(tokens) > 150


@pytest.mark.parametrize(
    ("tokens", "purposes"),
    [
        (TRAIN, {Purpose.TRAINING}),
        (INDEX, {Purpose.SEARCH_INDEX}),
        (FETCH, {Purpose.USER_FETCH, Purpose.AGENT}),
        ("OAI-AdsBot", {Purpose.OTHER}),
        ("Google-Extended Applebot-Extended", {Purpose.CONTROL}),
    ],
    ids=["training", "search indexes", "fetches for a user", "advertisements", "control tokens"],
)
def test_the_tokens_that_publishers_name_most_have_their_purpose(
    tokens: str, purposes: set[Purpose]
) -> None:
    found = {token: known(token) for token in tokens.split()}
    assert [token for token, one in found.items() if one is None] == []
    assert [t for t, one in found.items() if one and not purposes & set(one.purposes)] == []


def test_only_training_and_what_controls_it_trains() -> None:
    trains = {one.token for one in CRAWLERS if one.trains}
    assert trains.isdisjoint((INDEX + FETCH).split())
    assert {one.token for one in CRAWLERS if Purpose.CONTROL in one.purposes} <= trains
    assert all(len(one.purposes) == 1 or Purpose.CONTROL in one.purposes for one in CRAWLERS)


def test_what_is_used_no_more_is_still_known() -> None:
    gone = {one.token for one in CRAWLERS if one.deprecated}
    assert gone == {"anthropic-ai", "Claude-Web", "Google-NotebookLM", "omgilibot"}


def test_words_that_would_name_anybody_are_left_out_with_a_reason() -> None:
    assert set(LEFT_OUT) == {"Code", "Cursor", "OpenAI", "Operator", "Scrapy", "Spider"}
    for name, why in LEFT_OUT.items():
        assert known(name) is None
        assert len(why) > 20


@pytest.mark.parametrize("name", ["", "*", "GPT", "GPTBotX", "examplebot"])
def test_a_prefix_or_a_longer_name_is_nobody(name: str) -> None:
    assert known(name) is None


def test_a_written_name_keeps_to_its_cut() -> None:
    written = {one.token: found[1] for one in CRAWLERS if (found := _WRITTEN.search(one.note))}
    assert len(written) > 5
    for token, name in written.items():
        assert groups.token(name.encode()).lower() == token.lower()


_WRITTEN = re.compile(r"written ([^;]+)")
