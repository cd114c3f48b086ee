"""Every output of a corpus says the same as the others, and nothing that is owed is missing."""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from vectors import VECTORS, run

from signals_agent import url as urls
from signals_agent.cli import corpus_overview
from signals_agent.corpus import by_policy, folder, of_ledger, of_list, outputs
from signals_agent.corpus.facts import Facts
from signals_agent.corpus.folder import SUMS
from signals_agent.corpus.holdings import Holdings
from signals_agent.corpus.member import Member
from signals_agent.corpus.of_list import Unread
from signals_agent.corpus.read import Reading
from signals_agent.model.licence import Activity
from signals_agent.model.obligation import ObligationKind
from signals_agent.model.verdict import Decision
from signals_agent.policy import Policy
from signals_agent.preference_manifest import Manifest

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
EVIDENCE = "https://you.example/card"
PROMISED = (
    *("credit", "ecosystem-contribution", "share-alike", "notice", "use-restrictions"),
    "non-commercial",
)
SPELLINGS = (
    *("http://creativecommons.org/licenses/by/4.0", "CC BY-NC-ND 4.0", "cc-by-sa-3.0", "CC0"),
    "https://www.creativecommons.org/licenses/by-nc-sa/2.5/es/deed.ca",
    "https://creativecommons.org/publicdomain/mark/1.0/",
    *("odbl", "ODC-By", "PDDL", "cdla-permissive-2.0", "CDLA-Sharing-1.0", "openrail"),
    *("bigscience-openrail-m", "creativeml-openrail-m", "MIT", "Apache License 2.0"),
    *("GPL-2.0-only", "GPLv3", "MIT OR GPL-2.0-only", "GPL-2.0-only AND Apache-2.0"),
    *("http://rightsstatements.org/vocab/InC/1.0/", "All rights reserved", "My own licence v3"),
    "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    *("GFDL-1.3-or-later", "https://creativecommons.org/licenses/by-nd-nc/1.0/"),
    "https://creativecommons.org/licenses/sampling+/1.0/",
    *("LGPL-2.1+", "AGPL-3.0", "https://creativecommons.org/licenses/by/3.0/igo/legalcode"),
    *("cc-by-nc-nd", "BSD-3-Clause", "", "<script>alert(1)</script>"),
)
TITLES = (
    "",
    "Rain",
    '=HYPERLINK("https://evil.example")',
    "a | b ](<https://evil.example>) `x` <script>",
    "---\ntitle: no",
    "}} \\end{document} % & # _",
    "\u202eevil\u0007",
)
HOLDERS = ("", "Tern Museum", "@sum(1)", "</footer>| x |")


def _policy(url: str, agreed: bool) -> dict[str, Any]:
    """Promises for all that can be promised; by agreement also what takes one."""
    made: dict[str, Any] = {
        "uses": ["train-generative", "search"],
        "activities": ["release-weights", "mirror"],
        "on": {"caution": "ingest"},
        "commitment": [
            *({"kind": each, "evidence": EVIDENCE} for each in PROMISED),
            {"kind": "direct-contribution", "evidence": EVIDENCE, "ceiling": "EUR 50"},
        ],
    }
    if agreed:
        made["agreement"] = [
            {
                "party": "Site",
                "origins": [urls.parse(url).origin],
                "uses": ["train-generative", "search"],
                "activities": ["release-weights"],
                "answers": ["payment", "permission", "open", "reporting"],
                "document": "https://you.example/deal",
            }
        ]
    return made


@cache
def crawled() -> tuple[Member, ...]:
    """Every vector's asset that such a policy lets in, as a ledger would have it."""
    found = []
    for vector in VECTORS:
        said = {key: each for key, each in vector["input"].items() if key not in ("uses", "policy")}
        for agreed in (False, True):
            policy = _policy(said.get("url", "https://site.example/post"), agreed)
            result = run({**said, "policy": policy})
            if result.verdict is not None and result.verdict.decision is Decision.INGEST:
                found.append(of_ledger.member(json.loads(result.model_dump_json()), vector["id"]))
    return tuple(found)


def test_there_is_something_of_every_kind_to_compare() -> None:
    kinds = {debt.kind for each in crawled() for debt in each.debts}
    assert kinds >= {*ObligationKind} - {ObligationKind.NO_DERIVATIVES}
    assert len(crawled()) > 300


def _placed(member: Member, number: int) -> Member:
    """The same at an address of its own."""
    url = f"{urls.parse(member.url).origin}/{number}"
    credit = None if member.credit is None else replace(member.credit, url=url)
    return replace(member, url=url, credit=credit)


def _listed(path: Path, rows: Iterable[tuple[str, str, str]]) -> list[Member]:
    file = path / "list.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(("url", "licence", "title", "publisher", "tokens"))
        for number, (licence, title, holder) in enumerate(rows):
            url = f"https://list{number % 3}.example/{number}"
            writer.writerow((url, licence, title, holder, number or ""))
    unread = Unread()
    found = list(of_list.members(file, unread))
    assert not unread.count
    return found


@dataclass(frozen=True)
class Written:
    """A corpus and the folder that was written of it."""

    made: outputs.Corpus
    at: Path

    def json(self, name: str) -> Any:
        return json.loads(self.read(name))

    def read(self, name: str) -> str:
        return (self.at / name).read_text("utf-8")

    def lines(self, name: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.read(name).splitlines()]

    def rows(self, name: str) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(self.read(name).removeprefix("\ufeff"))))


def _write(
    path: Path,
    corpora: Sequence[Sequence[Member]],
    planned: Sequence[Activity],
    policy: Policy | None,
) -> Written:
    holdings = Holdings([f"corpus {number}" for number in range(len(corpora))])
    for number, several in enumerate(corpora):
        found: Iterable[Member] = several
        if policy is not None:
            found = by_policy.applied(several, policy, NOW)
        holdings.add(found, number)
    made = outputs.Corpus(holdings, Facts(), NOW.date(), policy, planned)
    with folder.written(path) as into:
        outputs.write(into, made)
    return Written(made, path)


_POOL = st.lists(st.sampled_from(range(500)), max_size=12)
_ROWS = st.lists(
    st.tuples(st.sampled_from(SPELLINGS), st.sampled_from(TITLES), st.sampled_from(HOLDERS)),
    max_size=10,
)
_POLICIES = st.sampled_from(
    (
        None,
        Policy(),
        Policy.make({"on": {"no_licence": "hold"}}),
        Policy.make({"on": {"no_licence": "skip"}}),
        Policy.make(
            {
                "agreement": [
                    {
                        "party": "List",
                        "origins": ["https://list0.example", "https://site.example"],
                        "activities": ["redistribute-modified", "release-weights"],
                        "answers": ["share-alike"],
                        "document": "https://you.example/deal",
                    }
                ],
                "statement": [
                    {
                        "licence": "CC-BY-NC-ND-4.0",
                        "activity": "release-weights",
                        "answer": "ok",
                        "origins": ["https://list1.example"],
                        "url": "https://list1.example/faq",
                    }
                ],
            }
        ),
    )
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(
    pool=_POOL,
    rows=_ROWS,
    planned=st.lists(st.sampled_from(list(Activity)), unique=True, max_size=4),
    policy=_POLICIES,
)
def test_the_outputs_of_any_corpus_agree(
    pool: list[int],
    rows: list[tuple[str, str, str]],
    planned: list[Activity],
    policy: Policy | None,
) -> None:
    """Of a ledger beside a list, with whatever is planned, and whatever policy of today."""
    with TemporaryDirectory() as place:
        path = Path(place)
        every = crawled()
        ledger = [_placed(every[each % len(every)], n) for n, each in enumerate(pool)]
        found = _write(path / "out", (ledger, _listed(path, rows)), tuple(planned), policy)
        with found.made.holdings:
            _agree(found, [*ledger, *found_members(found)])


def found_members(found: Written) -> list[Member]:
    return [held.member for held in found.made.holdings.by_url()]


@pytest.mark.parametrize("planned", [(), (Activity.REDISTRIBUTE_MODIFIED, Activity.MIRROR)])
def test_the_outputs_agree_on_everything_at_once(
    planned: tuple[Activity, ...], tmp_path: Path
) -> None:
    """Every vector's asset, and a list of every spelling with every hostile name."""
    rows = [
        (licence, TITLES[number % len(TITLES)], HOLDERS[number % len(HOLDERS)])
        for number, licence in enumerate(SPELLINGS * 2)
    ]
    ledger = [_placed(each, number) for number, each in enumerate(crawled())]
    found = _write(tmp_path / "out", (ledger, _listed(tmp_path, rows)), planned, None)
    with found.made.holdings:
        _agree(found, [*ledger, *found_members(found)])


def _agree(found: Written, members: Sequence[Member]) -> None:
    sources = found.lines("sources.jsonl")
    _nothing_is_missing(found, members)
    _extents(found, sources)
    _kinds(found, sources)
    _activities(found)
    _separate(found)
    _credits(found, sources)
    _contributions(found)
    _sets(found, sources)
    _weights(found)
    _preferences(found, sources)
    _checklist(found)


def _nothing_is_missing(found: Written, members: Sequence[Member]) -> None:
    """Each obligation of each asset is in the manifest, and whoever is owed credit is named."""
    named = {
        url
        for group in found.json("credits.json")["groups"]
        for work in group["works"]
        for url in work["urls"]
    }
    with Manifest.open(found.at) as manifest:
        manifest.verify()
        for each in members:
            told = {
                (one["kind"], one["text"], one["to"]["name"], one["binding"], one["signal"])
                for one in manifest.obligations(each.url)
            }
            for debt in each.debts:
                to = debt.to.name.encode("utf-8", "replace").decode()
                owed = (debt.kind.value, debt.text, to, debt.binding, debt.signal)
                assert owed in told, each.url
                if debt.kind in (ObligationKind.CREDIT, ObligationKind.NOTICE):
                    url = each.url if each.credit is None else each.credit.url
                    assert url in named
                    assert manifest.citation(each.url)
            (source, *_) = [
                one
                for one in manifest.find_all(each.url)
                if set(each.footing.labels) <= {*one.licences}
            ]
            assert source.preferences == {
                use.value: answer.value for use, answer in each.stated.uses
            }


def _extents(found: Written, sources: list[dict[str, Any]]) -> None:
    """How much it is says each in its own place."""
    every = len(sources)
    tokens = sum(each.get("tokens", 0) for each in sources)
    octets = sum(each.get("bytes", 0) for each in sources)
    parties = {json.dumps(each["party"]) for each in sources}
    manifest, composition = found.json("preferences.json"), found.json("composition.json")
    contributions, overview = found.json("contributions.json"), _overview(found)
    for said in (composition["extent"], manifest["counts"], overview["extent"]):
        assert (said["assets"], said.get("bytes", 0)) == (every, octets)
        assert said.get("tokens", 0) == tokens
    assert contributions["corpus"]["assets"] == every
    assert manifest["counts"]["parties"] == len(parties)
    assert manifest["sources"]["lines"] == every
    assert found.json("credits.json")["assets"] == every
    assert found.json("weights.json")["extent"]["assets"] == every
    assert sum(each["assets"] for each in composition["licences"]) == every
    assert sum(each["assets"] for each in manifest["footings"]) == every
    assert f"\n{every:,} asset" in found.read("README.md")
    assert {line[66:] for line in found.read(SUMS).splitlines()} == {
        str(each.relative_to(found.at)) for each in found.at.rglob("*") if each.is_file()
    } - {SUMS}


def _overview(found: Written) -> Any:
    made = found.made
    return json.loads(corpus_overview.document(made, made.checklist(), Reading()))


def _kinds(found: Written, sources: list[dict[str, Any]]) -> None:
    """For how many assets each kind of obligation is owed, in four places."""
    manifest = found.json("preferences.json")
    owed: Counter[str] = Counter()
    for each in sources:
        places = (one["obligation"] if isinstance(one, dict) else one for one in each["owed"])
        owed.update({manifest["obligations"][place]["kind"] for place in places})
    assert {each["kind"]: each["assets"] for each in _overview(found)["owed"]} == owed
    section = found.read("README.md").split("## Preferences and obligations\n")[1].split("\n## ")[0]
    card = re.findall(r"^\| `([a-z-]+)` \| [^|]+ \| ([0-9,]+) \|", section, re.MULTILINE)
    assert {kind: int(count.replace(",", "")) for kind, count in card} == owed
    usage = [
        each for each in found.json("croissant.json")["usageInfo"] if each["@type"] == "DefinedTerm"
    ]
    told = {each["termCode"]: each["description"] for each in usage}
    assert told.keys() == owed.keys()
    for kind, count in owed.items():
        assert f"(asked for {count:,} work" in told[kind]


def _activities(found: Written) -> None:
    composition = found.json("composition.json")
    manifest, overview = found.json("preferences.json"), _overview(found)
    croissant = found.json("croissant.json")
    listed = [*croissant.get("rai:dataUseCases", ()), *croissant.get("rai:dataLimitations", ())]
    card = found.read("README.md")
    for activity, said in composition["activities"].items():
        stands = sum(each["assets"] for each in said["in_the_way"])
        left = said["remaining"]["assets"]
        assert stands + left == composition["extent"]["assets"]
        for other in (manifest["activities"][activity], overview["activities"][activity]):
            assert (other["answer"], other["conditions"]) == (said["answer"], said["conditions"])
            assert other["remaining"]["assets"] == left
        assert manifest["activities"][activity]["in_the_way"] == stands
        assert sum(each.startswith(f"{activity}: {said['answer']}. ") for each in listed) == 1
        heading = {"ok": "In scope", "caution": "Only after review", "no": "Out of scope"}
        section = card.split(f"### {heading[said['answer']]}\n")[1].split("\n##")[0]
        assert re.search(rf"^- `{activity}`", section, re.MULTILINE)
        row = rf"^\| `{activity}` \|.*\| \*\*{said['answer']}\*\* \| {stands:,} \| {left:,} \|"
        assert re.search(row, found.read("composition.md"), re.MULTILINE), activity


def _separate(found: Written) -> None:
    """Whatever stands in the way of a planned activity is asked for, with the same answer."""
    composition, separate = found.json("composition.json"), found.json("separate-licences.json")
    asked: Counter[tuple[str, str, bool]] = Counter()
    for each in found.rows("separate-licences.csv"):
        for activity in each["activities"].split():
            asked[activity, each["answer"], bool(each["licences"])] += 1
    for said in separate["overview"]:
        activity = said["activity"]
        stands: Counter[tuple[str, bool]] = Counter()
        for each in composition["activities"][activity]["in_the_way"]:
            stands[each["answer"], bool(each["labels"])] += each["assets"]
        assert said["caution"] == stands["caution", True], activity
        assert said["no"] == stands["no", True], activity
        assert (
            sum(count for name, count in said.items() if name != "activity")
            == (composition["extent"]["assets"])
        )
        for (answer, licensed), count in stands.items():
            if licensed or found.made.planned:
                assert asked[activity, answer, licensed] == count, activity
    requested: Counter[str] = Counter()
    for each in separate["requests"]:
        for activity in each["activities"]:
            requested[activity] += each["assets"]
    by_activity: Counter[str] = Counter()
    for (activity, _, _), count in asked.items():
        by_activity[activity] += count
    assert requested == by_activity


def _credits(found: Written, sources: list[dict[str, Any]]) -> None:
    credits_ = found.json("credits.json")
    works = [work for group in credits_["groups"] for work in group["works"]]
    assert sum(group["assets"] for group in credits_["groups"]) == credits_["credited"]
    assert sum(work["assets"] for work in works) == credits_["credited"]
    assert credits_["credited"] + credits_["uncredited"] == len(sources)
    assert len(works) == credits_["works"]
    assert len(credits_["groups"]) == credits_["collections"]
    parties = {json.dumps(group["party"]) for group in credits_["groups"]}
    assert len(parties) == credits_["parties"]
    said = found.read("CREDITS.md")
    for work in works:
        assert sum(ord(each) < 32 and each != "\n" for each in said) == 0
        assert work["urls"][0].split("://")[1].partition("?")[0] in said
    assert found.read("credits.bib").count("\n@") + found.read("credits.bib").startswith("@") >= (
        len(credits_["groups"])
    )


def _contributions(found: Written) -> None:
    """A record for everybody who asks, for as many assets as ask; nothing is given unasked."""
    records = found.json("contributions.json")["records"]
    kinds = {
        ObligationKind.DIRECT_CONTRIBUTION,
        ObligationKind.ECOSYSTEM_CONTRIBUTION,
        ObligationKind.PAYMENT,
    }
    owed: Counter[tuple[str, str, str | None, bool]] = Counter()
    for held in found.made.holdings.by_url():
        owed.update(
            {
                (debt.kind.value, debt.to.name, debt.to.url, debt.to.inferred)
                for debt in held.member.debts
                if debt.kind in kinds
            }
        )
    told = {
        (each["kind"], each["to"]["name"], each["to"].get("url"), each["to"]["inferred"]): each[
            "use"
        ]["assets"]
        for each in records
        if "to" in each
    }
    assert told == owed
    assert all(not each["given"] for each in records)
    sheet = found.rows("contributions.csv")
    assert [each["id"] for each in sheet] == [each["id"] for each in records]
    filled = ("amount", "currency", "beneficiary", "beneficiary_confirmed_by", "given_on")
    assert not any(each[name] for each in sheet for name in filled)
    headings = found.read("contributions.md").count("\n### ")
    assert headings == len(records)


def _sets(found: Written, sources: list[dict[str, Any]]) -> None:
    """Every source is in the one set that its line names, marked alike."""
    manifest, card = found.json("preferences.json"), found.read("README.md")
    composed = {each["name"]: each for each in found.json("composition.json")["sets"]}
    listed: Counter[tuple[str, str]] = Counter()
    for said in manifest["sets"]:
        lines = found.lines(f"sets/{said['name']}.jsonl")
        assert len(lines) == said["assets"] == composed[said["name"]]["assets"]
        assert all(each.get("marked") == said.get("marked") for each in lines)
        assert f"| `{said['name']}` | {'**Research-Only**' if 'marked' in said else ''} |" in card
        listed.update((each["url"], each["set"]) for each in lines)
        closed = {"non-commercial", "no-derivatives"} & {*said["tags"]}
        assert bool(closed) == ("marked" in said)
    assert listed == Counter((each["url"], each["set"]) for each in sources)
    assert composed.keys() == {each["name"] for each in manifest["sets"]}


def _weights(found: Written) -> None:
    weights, manifest = found.json("weights.json"), found.json("preferences.json")
    release = weights["release"]
    assert manifest["weights"]["release"] == release == _overview(found)["weights"]
    assert manifest["weights"]["tags"] == weights["tags"]
    assert f"weights:{release}" in found.read("weights-card.yaml")
    section = found.read("README.md").split("## Weights\n")[1].split("\n## ")[0]
    assert f'"weights:{release}"' in section
    others = {"release", "ask", "do-not-release"} - {release}
    assert not any(f'"weights:{each}"' in section.split("```\n")[0] for each in others)
    answer = found.json("composition.json")["activities"]["release-weights"]["answer"]
    if release == "release":
        assert answer == "ok"
    if answer == "ok":
        assert release == "release"


def _preferences(found: Written, sources: list[dict[str, Any]]) -> None:
    counted: dict[str, Counter[str]] = {}
    for each in sources:
        for use, answer in each.get("preferences", {}).items():
            counted.setdefault(use, Counter())[answer] += 1
    assert found.json("preferences.json")["preferences"] == counted


def _checklist(found: Written) -> None:
    said, text = found.json("checklist.json"), found.read("checklist.md")
    states = Counter(each["state"] for each in said["items"])
    assert said["open"] == states["open"] == text.count("- [ ] ")
    assert text.count("- [x] ") == len(said["items"]) - said["open"]
