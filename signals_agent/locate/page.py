"""How the page in hand may be named by URLs, those that stand in it among them."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from signals_agent import url as urls
from signals_agent.errors import InvalidURL

_ESCAPE: Final = re.compile("%[0-9a-f]{2}", re.IGNORECASE)
_TWIN: Final = re.compile(r"\A(?:www|m|mobile|amp)\.(?=[^.]+\.)")
_SESSION: Final = re.compile(r";jsessionid=[^/]*+", re.IGNORECASE)
_INDEX: Final = re.compile(
    r"/(?:index\.(?:html?|xhtml|shtml|php|aspx?|jsp|cgi)|default\.(?:html?|aspx?))/*+\Z",
    re.IGNORECASE,
)
_FORM: Final = re.compile(r"(?<=[^/])(?:/++(?:amp|embed|print)(?:\.html?)?|\.amp(?:\.html?)?)/*+\Z")
_AMP: Final = re.compile(r"\A/amp/++(?=[^/])")
# Said of how somebody came here, or in which form the page is shown, never of what it is.
_ASIDE: Final = re.compile(
    r"""(?:(?:utm|pk|mtm|hsa)_[^=]*+|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid
    |igshid|igsh|mc_cid|mc_eid|_ga|_gl|_hsenc|_hsmi|mkt_tok|ref_src|ref_url|replytocom
    |amp|outputtype)(?:=.*+)?\Z""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Page:
    """How the page in hand may be named.

    ``url`` is the asset's final URL; ``others`` are a canonical URL and an ``og:url`` on
    the same origin, and the URLs of redirects that led here.
    """

    url: str
    others: tuple[str, ...] = ()

    def is_named_by(self, url: str) -> bool:
        """Whether an absolute URL names this page.

        http or https, a fragment (``https://site.example/post/#article``), a slash at the
        end, a default port, the case of host and percent escapes, and ``www.``, ``m.`` or
        ``amp.`` in front of the host make no difference; nor do ``index.html`` and
        ``/amp`` at the end, and what a query tells of campaigns. A query of the page's
        own may be left out of its name, but for that of a site's first page.
        """
        named = key(url)
        if not named:
            return False
        mine = self._keys()
        if named in mine:
            return True
        return "/" in named and any(each.partition("?")[0] == named for each in mine)

    def is_varied_by(self, url: str) -> bool:
        """Whether an absolute URL differs from this page's only by a query that this one lacks."""
        named, mark, _ = key(url).partition("?")
        return bool(mark) and "/" in named and named in self._keys()

    def is_under(self, url: str) -> bool:
        """Whether an absolute URL names something that this page stands beneath."""
        above = key(url)
        if not above or "?" in above:
            return False
        return any(each.startswith((above + "/", above + "?")) for each in self._keys())

    def is_above(self, url: str) -> bool:
        """Whether an absolute URL names something that stands beneath this page."""
        below = key(url)
        return any(
            below.startswith(each + "/") for each in self._keys() if each and "?" not in each
        )

    def is_beside(self, url: str) -> bool:
        """Whether an absolute URL names something on the host of this page."""
        return bool(host(url)) and host(url) == host(self.url)

    @property
    def is_root(self) -> bool:
        """Whether the page is the first one of its site."""
        return (root := key(_root(self.url))) != "" and root in self._keys()

    def is_site(self, url: str) -> bool:
        """Whether an absolute URL names the site of this page."""
        return bool(named := key(url)) and named == key(_root(self.url))

    def _keys(self) -> tuple[str, ...]:
        return tuple(map(key, (self.url, *self.others)))


@lru_cache(maxsize=4096)
def key(url: str) -> str:
    """What two URLs of one page have in common; empty where it is no http or https URL.

    Host, path and query, without a slash at the end: a site's first page is its host alone.
    """
    try:
        parsed = urls.parse(url)
    except InvalidURL:
        return ""
    path, _, query = parsed.target.partition("?")
    path = _path(path)
    if query:
        query = "&".join(each for each in query.split("&") if each and not _ASIDE.match(each))
    target = path + "?" * bool(query) + query
    return host(url) + (
        _ESCAPE.sub(lambda found: found[0].upper(), target) if "%" in target else target
    )


@lru_cache(maxsize=4096)
def host(url: str) -> str:
    """The host of a URL, without ``www.``, and its port; empty where it is no http or https URL."""
    try:
        parsed = urls.parse(url)
    except InvalidURL:
        return ""
    port = f":{parsed.port}" if parsed.port not in (80, 443) else ""
    return _TWIN.sub("", parsed.host) + port


def _path(path: str) -> str:
    if ";" in path:
        path = _SESSION.sub("", path)
    path = _INDEX.sub("/", path)
    return _FORM.sub("", _AMP.sub("/", path)).rstrip("/")


def _root(url: str) -> str:
    try:
        return urls.parse(url).origin + "/"
    except InvalidURL:
        return ""
