"""What a response of an archive comes to, once all that the archive holds is known (R16, R32)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from signals_agent import contracts, evidence, plan
from signals_agent import url as urls
from signals_agent.audit.archive.alike import Alike
from signals_agent.audit.archive.found import Found, Quiet, as_hop, leads_on
from signals_agent.audit.archive.nouns import Judged
from signals_agent.audit.archive.web import Web, changed
from signals_agent.fetch import redirect
from signals_agent.gathered import AssetFindings, Inputs
from signals_agent.limits import Limits
from signals_agent.locate.html_facts import NONE, facts
from signals_agent.model.assessment import Assessment
from signals_agent.model.capture import Availability, Capture, Role
from signals_agent.model.resolution import AccessAnswer
from signals_agent.model.use import Use
from signals_agent.pipeline import consider
from signals_agent.resolve import access
from signals_agent.resolve.access import Given
from signals_agent.robots import match
from signals_agent.store import writing
from signals_agent.store.writing import Record
from signals_agent.url import Url
from signals_agent.wishes import Wishes

_FACTS: Final = "page-facts"
_NOT_HELD: Final = "the archive does not hold what the redirect leads to, within 24 hours"
_REFUSED: Final = "its robots.txt does not let us ask for it, or could not be looked at"


class Judge:
    """Judges responses, each with what the archives hold of its time."""

    def __init__(self, run: Wishes, template: Inputs, web: Web, limits: Limits) -> None:
        self._run, self._template, self._web, self._limits = run, template, web, limits
        self._files = tuple(file.path for file in plan.wanted_files(run.families, template.sources))
        self._uses = run.uses or tuple(Use)
        self._alike = Alike(run, template)

    def judge(self, number: int, found: Found | Quiet) -> Judged:
        """One response, judged as ``assess`` judges the same octets."""
        if isinstance(found, Quiet):
            record = self._quiet(found)
            return Judged(number, found.url, found.at, found.source, found.offset, record)
        capture, place = found.capture, found.place.record
        record = self._recorded(self._assessed(found))
        return Judged(number, capture.url, capture.fetched_at, place.file, place.offset, record)

    @staticmethod
    def _recorded(result: Assessment) -> Record:
        made = evidence.of(result)
        return writing.record(result, made.document, made.blobs, made.text)

    def _quiet(self, quiet: Quiet) -> Record:
        """A response that says nothing itself: mostly it comes to what another one came to."""
        url = urls.parse(quiet.url)
        robots = self._web.robots(url.origin, quiet.at)
        files = [self._file(url.origin, path, quiet.at, robots) for path in self._files]
        key = self._alike.key(quiet, url, robots, files)
        if key is None:
            return self._recorded(self._assessed(quiet.found))
        known = self._alike.filled(key, quiet)
        if known is not None:
            return known
        result = self._assessed(quiet.found)
        made = evidence.of(result)
        record = writing.record(result, made.document, made.blobs, made.text)
        self._alike.learn(key, quiet, result, made, record, (robots, files))
        return record

    def _assessed(self, found: Found) -> Assessment:
        if found.looked is None:
            return self._redirected(found)
        result = self._considered(found.capture, (), found.looked)
        if result.attribution is not None or type(result.separate_licences) is not tuple:
            # Somebody is to be credited or asked, and the octets that tell whom were let go.
            self._recall(found)
        return result

    def _recall(self, found: Found) -> None:
        """Read again what the asset says for a credit line, from the same octets."""
        capture, record = found.capture, found.looked.record if found.looked else None
        if record is None or record.sha256 is None:
            capture.memo[_FACTS] = NONE
            return
        whole = self._web.octets(found.place, capture.url, capture.fetched_at, Role.ASSET)
        if sha256(whole.body or b"").hexdigest() != record.sha256.hexdigest:
            raise changed(found.place)
        capture.memo[_FACTS] = facts(whole)

    def _redirected(self, found: Found) -> Assessment:
        """Follow a redirect through the archive's own records (rule R16)."""
        hops, seen = [found.capture], {self._web.number(found)}
        while True:
            last = hops[-1]
            onward = redirect.target(last)
            assert onward is not None
            at = last.fetched_at
            if len(hops) > self._limits.max_redirects:
                words = f"more than {self._limits.max_redirects} redirects"
                state = Availability.UNREACHABLE
                asset = Capture(onward.text, availability=state, failure=words, fetched_at=at)
                return self._considered(asset, tuple(hops), None)
            told = None if at is None else self._web.next(onward.text, at, seen)
            if told is None:
                state = Availability.NOT_LOOKED
                asset = Capture(onward.text, availability=state, failure=_NOT_HELD, fetched_at=at)
                return self._considered(asset, tuple(hops), None)
            if isinstance(told, Found):
                hops.append(told.capture)
            elif leads_on(told):
                hops.append(as_hop(told))
            else:
                return self._considered(told, tuple(hops), None)

    def _considered(
        self, asset: Capture, hops: tuple[Capture, ...], looked: AssetFindings | None
    ) -> Assessment:
        """The result, with robots.txt, site files and named documents of the asset's time."""
        at = asset.fetched_at
        here = urls.parse(asset.url).origin
        origins = dict.fromkeys((*(urls.parse(hop.url).origin for hop in hops), here))
        robots = {origin: self._web.robots(origin, at) for origin in origins}
        files = {here + path: self._file(here, path, at, robots[here]) for path in self._files}
        documents: dict[str, Given] = {}
        while True:
            inputs = replace(
                self._template,
                asset=asset,
                hops=hops,
                robots=robots,
                site_files=files,
                documents=documents,
                looked=looked,
            )
            told = consider(self._run, inputs)
            if not told.wants:
                return told.assessment
            robots, documents = dict(robots), dict(documents)
            for naming in told.wants:
                url = urls.parse(naming.url)
                if url.origin not in robots:
                    robots[url.origin] = self._web.robots(url.origin, at)
                documents[naming.url] = self._named(naming.url, naming.role, at, robots)

    def _file(self, origin: str, path: str, at: datetime | None, robots: Given) -> Given:
        """A site file, unless robots.txt refuses it (rule R15a)."""
        url = urls.parse(origin + path)
        if self._refuses(robots, url):
            return Availability.NOT_LOOKED
        return self._web.file(url.text, Role.SITE_FILE, at, self._refused)

    def _named(
        self, text: str, role: Role, at: datetime | None, robots: Mapping[str, Given]
    ) -> Given:
        """A document that a declaration names, unless robots.txt refuses it (rule R15a)."""
        url = urls.parse(text)
        if self._refuses(robots[url.origin], url):
            return Capture(text, availability=Availability.NOT_LOOKED, failure=_REFUSED)
        return self._web.file(text, role, at, self._refused)

    def _refused(self, url: Url, at: datetime) -> bool:
        return self._refuses(self._web.robots(url.origin, at), url)

    def _refuses(self, robots: Given, url: Url) -> bool:
        """Whether robots.txt does not let us ask for a URL (rules R15a, R34).

        Where no archive holds it, what they hold besides counts: whoever made them asked.
        """
        if robots is Availability.NOT_LOOKED:
            return False
        memo: dict[str, Any] = robots.memo if isinstance(robots, Capture) else {}
        key = f"refuses {url.text}"
        known = memo.get(key)
        if known is None:
            source = access.source(url.origin, robots)
            hop, _ = access.answer(source, url, match.target(url.target), self._template.sets)
            lifted = hop.answer is AccessAnswer.DISALLOWED and any(
                contracts.covering(self._run.policy, use, url.text, self._run.now)
                for use in self._uses
            )
            known = hop.answer is not AccessAnswer.ALLOWED and not lifted
            memo[key] = known
        return bool(known)
