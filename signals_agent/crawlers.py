"""The product tokens of AI crawlers, with who runs them and what for, as a table (rule R37)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Purpose(StrEnum):
    """What a crawler gathers for. The words are ours; operators have each their own."""

    TRAINING = "training"
    SEARCH_INDEX = "search-index"
    USER_FETCH = "user-fetch"
    CONTROL = "control"
    AGENT = "agent"
    OTHER = "other"


_TRAINS: Final = (Purpose.TRAINING,)
_INDEXES: Final = (Purpose.SEARCH_INDEX,)
_FETCHES: Final = (Purpose.USER_FETCH,)
_CONTROLS: Final = (Purpose.CONTROL, Purpose.TRAINING)
_ACTS: Final = (Purpose.AGENT,)
_OTHER: Final = (Purpose.OTHER,)


@dataclass(frozen=True, slots=True)
class Crawler:
    """A product token of robots.txt and what is known of it.

    ``token`` is written as its operator writes it, cut where rule R13a cuts it. A
    ``deprecated`` one is used no more, and files still name it.
    """

    token: str
    operator: str
    purposes: tuple[Purpose, ...]
    note: str = ""
    deprecated: bool = False

    @property
    def trains(self) -> bool:
        """Whether it gathers to train models, or controls whether what was gathered may."""
        return Purpose.TRAINING in self.purposes


CRAWLERS: Final[tuple[Crawler, ...]] = (
    Crawler("AddSearchBot", "AddSearch", _INDEXES),
    Crawler("AgentTimes", "The Agent Times", _OTHER, "reads feeds for a news service about AI"),
    Crawler("AI2Bot", "Ai2", _TRAINS),
    Crawler("AI2Bot-DeepResearchEval", "Ai2", _FETCHES, "gathers what a research query needs"),
    Crawler("Ai2Bot-Dolma", "Ai2", _TRAINS),
    Crawler("aiHitBot", "aiHit", _OTHER, "company data"),
    Crawler("AIWebIndex", "Lyrenth", _INDEXES, "an index for other parties' agents"),
    Crawler("amazon-kendra", "Amazon", _INDEXES, "search within an organisation"),
    Crawler("amazon-QBusiness", "Amazon", _INDEXES, "search within an organisation"),
    Crawler("Amazonbot", "Amazon", _TRAINS, "answers of Alexa too"),
    Crawler("AmazonBuyForMe", "Amazon", _ACTS),
    Crawler("Amzn-SearchBot", "Amazon", _INDEXES),
    Crawler("Amzn-User", "Amazon", _FETCHES),
    Crawler("Andibot", "Andi", _INDEXES),
    Crawler("Anomura", "Direqt", _INDEXES, "on behalf of a site's owner"),
    Crawler("anthropic-ai", "Anthropic", _TRAINS, deprecated=True),
    Crawler("ApifyBot", "Apify", _OTHER, "scrapes for its customers"),
    Crawler("ApifyWebsiteContentCrawler", "Apify", _OTHER, "scrapes for its customers"),
    Crawler("Applebot", "Apple", _INDEXES),
    Crawler(
        "Applebot-Extended",
        "Apple",
        _CONTROLS,
        "fetches nothing: whether what Applebot gathered may train models",
    ),
    Crawler("Aranet-SearchBot", "unknown", _INDEXES, "undocumented"),
    Crawler("atlassian-bot", "Atlassian", _INDEXES, "search within an organisation"),
    Crawler("Awario", "Awario", _OTHER, "watches mentions of brands"),
    Crawler("AzureAI-SearchBot", "Microsoft", _INDEXES),
    Crawler("bedrockbot", "Amazon", _OTHER, "sites that its customers choose"),
    Crawler("bigsur", "Big Sur AI", _OTHER, "written bigsur.ai"),
    Crawler("Bravebot", "Brave", _INDEXES),
    Crawler("Brightbot", "Bright Data", _TRAINS),
    Crawler("BuddyBot", "BuddyBotLearning", _OTHER, "a learning companion"),
    Crawler("Bytespider", "ByteDance", _TRAINS),
    Crawler("CCBot", "Common Crawl", _TRAINS, "an open archive that many train on"),
    Crawler("Channel3Bot", "Channel3", _INDEXES),
    Crawler("ChatGLM-Spider", "Zhipu AI", _TRAINS, "undocumented"),
    Crawler("ChatGPT", "OpenAI", _ACTS, "written ChatGPT Agent"),
    Crawler("ChatGPT-User", "OpenAI", _FETCHES),
    Crawler("Claude-Code", "Anthropic", _ACTS),
    Crawler("Claude-SearchBot", "Anthropic", _INDEXES),
    Crawler("Claude-User", "Anthropic", _FETCHES),
    Crawler("Claude-Web", "Anthropic", _FETCHES, deprecated=True),
    Crawler("ClaudeBot", "Anthropic", _TRAINS),
    Crawler("Cloudflare-AutoRAG", "Cloudflare", _OTHER, "sites that its customers choose"),
    Crawler("CloudVertexBot", "Google", _OTHER, "on behalf of a site's owner"),
    Crawler("cohere-ai", "Cohere", _FETCHES, "undocumented"),
    Crawler("cohere-training-data-crawler", "Cohere", _TRAINS),
    Crawler("Cotoyogi", "ROIS", _TRAINS),
    Crawler("CragCrawler", "CragSoftware", _OTHER, "scrapes for its customers"),
    Crawler("Crawl4AI", "whoever runs it", _OTHER, "a library"),
    Crawler("Crawlspace", "Crawlspace", _OTHER, "a platform for its customers' crawlers"),
    Crawler("Datenbank", "Datenbank", _OTHER, "written Datenbank Crawler"),
    Crawler("DeepSeekBot", "DeepSeek", _TRAINS),
    Crawler("Devin", "Cognition", _ACTS),
    Crawler("Diffbot", "Diffbot", _TRAINS, "a knowledge graph for its customers"),
    Crawler("DuckAssistBot", "DuckDuckGo", _FETCHES),
    Crawler("Echobot", "Echobox", _OTHER, "written Echobot Bot"),
    Crawler("EchoboxBot", "Echobox", _OTHER),
    Crawler("ExaBot", "Exa", _INDEXES),
    Crawler("ExaSearchBot", "Exa", _INDEXES),
    Crawler("FacebookBot", "Meta", _TRAINS, "speech recognition"),
    Crawler("facebookexternalhit", "Meta", _OTHER, "previews of shared links"),
    Crawler("Factset_spyderbot", "FactSet", _TRAINS),
    Crawler("FirecrawlAgent", "Firecrawl", _OTHER, "scrapes for its customers"),
    Crawler("FriendlyCrawler", "unknown", _TRAINS, "data sets for experiments"),
    Crawler("GeistHaus-PageFetcher", "GeistHaus", _FETCHES),
    Crawler("Gemini-Deep-Research", "Google", _FETCHES),
    Crawler("Google-Agent", "Google", _ACTS, "acts on a user's request"),
    Crawler("Google-CloudVertexBot", "Google", _OTHER, "on behalf of a site's owner"),
    Crawler(
        "Google-Extended",
        "Google",
        _CONTROLS,
        "fetches nothing: whether what Google gathered may train and ground models",
    ),
    Crawler("Google-Firebase", "Google", _OTHER, "applications of its customers"),
    Crawler("Google-Gemini-CLI", "Google", _ACTS),
    Crawler("Google-GeminiNotebook", "Google", _FETCHES),
    Crawler("Google-NotebookLM", "Google", _FETCHES, "now Google-GeminiNotebook", deprecated=True),
    Crawler("GoogleAgent-Mariner", "Google", _ACTS),
    Crawler("GoogleAgent-URLContext", "Google", _FETCHES),
    Crawler("GoogleOther", "Google", _OTHER, "research and development"),
    Crawler("GoogleOther-Image", "Google", _OTHER, "research and development"),
    Crawler("GoogleOther-Video", "Google", _OTHER, "research and development"),
    Crawler("GPTBot", "OpenAI", _TRAINS),
    Crawler("HenkBot", "Valyu", _INDEXES),
    Crawler("iAskBot", "iAsk", _FETCHES),
    Crawler("iaskspider", "iAsk", _FETCHES),
    Crawler("ICC-Crawler", "NICT", _TRAINS),
    Crawler("ImagesiftBot", "ImageSift", _TRAINS, "an index of images too"),
    Crawler("imageSpider", "unknown", _OTHER, "undocumented"),
    Crawler("img2dataset", "whoever runs it", _TRAINS, "a library that makes data sets of images"),
    Crawler("ISSCyberRiskCrawler", "ISS-Corporate", _TRAINS, "models that rate risk"),
    Crawler("kagi-fetcher", "Kagi", _FETCHES),
    Crawler("Kangaroo", "Kangaroo LLM", _TRAINS, "written Kangaroo Bot"),
    Crawler("Kimi-User", "Moonshot AI", _FETCHES),
    Crawler("KlaviyoAIBot", "Klaviyo", _OTHER, "sites that its customers choose"),
    Crawler("KunatoCrawler", "Kunato", _OTHER, "undocumented"),
    Crawler("laion-huggingface-processor", "LAION", _TRAINS, "undocumented"),
    Crawler("LAIONDownloader", "LAION", _TRAINS),
    Crawler("LCC", "unknown", _OTHER, "undocumented"),
    Crawler("Lightpanda", "whoever runs it", _OTHER, "a browser for programs"),
    Crawler("LinerBot", "Liner", _FETCHES),
    Crawler("Linguee", "Linguee", _TRAINS, "written Linguee Bot; machine translation"),
    Crawler("LinkupBot", "Linkup", _INDEXES),
    Crawler("Manus-User", "Butterfly Effect", _ACTS),
    Crawler("meta-externalagent", "Meta", _TRAINS),
    Crawler("meta-externalfetcher", "Meta", _FETCHES),
    Crawler("meta-webindexer", "Meta", _INDEXES),
    Crawler("MistralAI-Index", "Mistral AI", _INDEXES),
    Crawler("MistralAI-Training", "Mistral AI", _TRAINS),
    Crawler("MistralAI-User", "Mistral AI", _FETCHES),
    Crawler("Mozilla-Tabstack", "Mozilla", _OTHER, "scrapes for its customers"),
    Crawler("MyCentralAIScraperBot", "unknown", _OTHER, "undocumented"),
    Crawler("NagetBot", "Naget", _INDEXES),
    Crawler("netEstate", "netEstate", _OTHER, "written netEstate Imprint Crawler"),
    Crawler("newsai", "unknown", _OTHER, "undocumented"),
    Crawler("NotebookLM", "Google", _FETCHES),
    Crawler("NovaAct", "Amazon", _ACTS),
    Crawler("OAI-AdsBot", "OpenAI", _OTHER, "checks advertisements"),
    Crawler("OAI-SearchBot", "OpenAI", _INDEXES),
    Crawler("omgili", "Webz.io", _TRAINS, "data that is sold"),
    Crawler("omgilibot", "Webz.io", _TRAINS, deprecated=True),
    Crawler("opencode", "whoever runs it", _ACTS),
    Crawler("PanguBot", "Huawei", _TRAINS),
    Crawler("Panscient", "Panscient", _TRAINS, "company data; also written panscient.com"),
    Crawler("Perplexity-User", "Perplexity", _FETCHES),
    Crawler("PerplexityBot", "Perplexity", _INDEXES),
    Crawler("PetalBot", "Huawei", _INDEXES),
    Crawler("PhindBot", "Phind", _FETCHES),
    Crawler("Poggio-Citations", "Poggio", _FETCHES),
    Crawler("Poseidon", "Poseidon Research", _OTHER, "written Poseidon Research Crawler"),
    Crawler("QualifiedBot", "Qualified", _OTHER, "sites that its customers choose"),
    Crawler("Querit-SearchBot", "Querit", _INDEXES),
    Crawler("QueritBot", "Querit", _INDEXES),
    Crawler("QuillBot", "QuillBot", _OTHER, "also written quillbot.com"),
    Crawler("Reflectionbot", "Reflection AI", _OTHER, "undocumented"),
    Crawler("SBIntuitionsBot", "SB Intuitions", _TRAINS),
    Crawler("SemrushBot-OCOB", "Semrush", _OTHER),
    Crawler("SemrushBot-SWA", "Semrush", _OTHER),
    Crawler("Shap-User", "Parallel", _FETCHES),
    Crawler("ShapBot", "Parallel", _INDEXES),
    Crawler("Sidetrade", "Sidetrade", _TRAINS, "written Sidetrade indexer bot"),
    Crawler("TavilyBot", "Tavily", _INDEXES),
    Crawler("Terra", "Ceramic AI", _INDEXES, "written Terra Cotta"),
    Crawler("TerraCotta", "Ceramic AI", _INDEXES),
    Crawler("Thinkbot", "Thinkbot", _OTHER),
    Crawler("TikTokSpider", "ByteDance", _TRAINS),
    Crawler("Timpibot", "Timpi", _TRAINS),
    Crawler("TongyiBot", "Alibaba", _FETCHES),
    Crawler("Trae", "ByteDance", _ACTS),
    Crawler("TwinAgent", "Twin", _ACTS),
    Crawler("UseAI", "Use AI", _FETCHES),
    Crawler("VelenPublicWebCrawler", "Velen", _TRAINS, "company data"),
    Crawler("WARDBot", "WEBSPARK", _OTHER),
    Crawler("Webzio-Extended", "Webz.io", _TRAINS, "data that is sold"),
    Crawler("wpbot", "QuantumCloud", _OTHER, "a chat widget"),
    Crawler("WRTNBot", "Wrtn", _OTHER, "undocumented"),
    Crawler("YaK", "Meltwater", _OTHER, "watches mentions of brands"),
    Crawler("YandexAdditional", "Yandex", _TRAINS, "answers of its search too"),
    Crawler("YandexAdditionalBot", "Yandex", _TRAINS, "answers of its search too"),
    Crawler("YiyanBot", "Baidu", _FETCHES),
    Crawler("YouBot", "You.com", _INDEXES),
    Crawler("ZanistaBot", "unknown", _INDEXES, "undocumented"),
)
"""Every token, in the order of the alphabet without regard to case."""

LEFT_OUT: Final[dict[str, str]] = {
    "Code": "a word; it would name whatever calls itself code",
    "Cursor": "a word, and the name of other products",
    "OpenAI": "a company; which of its crawlers is meant, nobody says",
    "Operator": "a word; the agent that was called so is ChatGPT Agent now",
    "Scrapy": "a library's default, under which anybody crawls for anything",
    "Spider": "a word; it would name whatever calls itself a spider",
}
"""Names that public lists hold and this table does not, and why."""

AS_OF: Final = "2026-08-22"
"""The date of the public list with which the table was last compared."""

_BY_TOKEN: Final[dict[str, Crawler]] = {one.token.lower(): one for one in CRAWLERS}


def known(token: str) -> Crawler | None:
    """The crawler of a product token as rule R13a cuts it, in any case; ``None`` if unknown."""
    return _BY_TOKEN.get(token.lower())
