"""The page in a real Chromium: it runs, is quiet, fits, is read and driven by keyboard."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import audit_stores
import pytest

import signals_agent as sa
from signals_agent.audit.reports import rows as table
from signals_agent.audit.reports.html import write_run
from signals_agent.store.snapshot import Row, Snapshot

# What Playwright and what it stands on warn of is not ours to mend.
pytestmark = [pytest.mark.filterwarnings("ignore"), pytest.mark.browser, pytest.mark.tools]

CONTRAST = """() => {
  const parts = (text) => text.match(/[0-9.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, at) => sum + v * [0.2126, 0.7152, 0.0722][at], 0);
  const behind = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const found = parts(getComputedStyle(each).backgroundColor);
      if (found.length === 3 || found[3] === 1) return found;
    }
    return [255, 255, 255];
  };
  const bad = new Set();
  let looked = 0;
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const element = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || !element.checkVisibility()) continue;
    if (element.closest("svg, script, [aria-disabled=true]")) continue;
    looked++;
    const style = getComputedStyle(element);
    const [a, b] = [light(parts(style.color)), light(behind(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) bad.add(`${element.tagName}.${element.className} ${ratio.toFixed(2)}`);
  }
  return { looked, bad: [...bad] };
}"""


class Shown:
    """A page in the browser, with whatever it complained of and asked for."""

    def __init__(self, chromium: Any, file: Path, **more: Any) -> None:
        options: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}, **more}
        self.context = chromium.new_context(**options)
        self.page = self.context.new_page()
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda each: self.said.append(each.text))
        self.page.on("pageerror", lambda each: self.said.append(str(each)))
        self.page.on("request", lambda each: self.asked.append(each.url))
        self.page.goto(file.as_uri())
        if more.get("java_script_enabled", True):
            self.page.locator("html[data-ready]").wait_for(timeout=60_000)

    @property
    def count(self) -> str:
        return str(self.page.inner_text("#count"))

    @property
    def urls(self) -> list[str]:
        heads = self.page.locator("#table table.assets > tbody > tr:first-child > th")
        return [each.split("\n")[0] for each in heads.all_inner_texts()]

    def sideways(self) -> int:
        """By how many pixels the page is wider than the screen."""
        return int(
            self.page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
        )


@pytest.fixture(scope="session")
def file(page: str, file_of: Callable[[str], Path]) -> Path:
    return file_of(page)


@pytest.fixture
def show(chromium: Any) -> Iterator[Callable[..., Shown]]:
    """Shows a page; all are closed in the end."""
    shown: list[Shown] = []

    def open_page(file: Path, **more: Any) -> Shown:
        shown.append(Shown(chromium, file, **more))
        return shown[-1]

    yield open_page
    for each in shown:
        each.context.close()


@pytest.fixture
def shown(show: Callable[..., Shown], file: Path) -> Shown:
    return show(file)


def test_the_page_complains_of_nothing_and_asks_for_nothing(shown: Shown, file: Path) -> None:
    summaries = shown.page.locator("#table summary")
    for place in range(summaries.count()):
        summaries.nth(place).click()
    assert shown.said == []
    assert [each for each in shown.asked if not each.startswith("data:")] == [file.as_uri()]


def test_what_publishers_sent_makes_no_element(shown: Shown) -> None:
    shown.page.fill("#f-text", "hostile")
    shown.page.locator("#count:has-text(' of ')").wait_for()
    shown.page.locator("#table summary").first.click()
    assert "</script><img src=x" in shown.page.inner_text("#table .evidence")
    assert shown.page.locator("img, iframe, object").count() == 0
    hrefs = shown.page.locator("a").evaluate_all("all => all.map((each) => each.protocol)")
    assert set(hrefs) <= {"https:", "http:", "file:"}


def test_search_finds_addresses_expressions_and_parties(shown: Shown) -> None:
    total = int(shown.count.split()[0])
    for text, found in (
        ("late.example", 1),
        ("LATE.EXAMPLE", 1),
        ("late.example nowhere", 0),
        ("exceptions=cc-cr", None),
    ):
        before = shown.count
        shown.page.fill("#f-text", text)
        if found is not None:
            shown.page.locator(f"#count:text-matches('^{found} of {total} ')").wait_for()
        else:
            shown.page.locator("#count:not(:has-text('0 of'))").wait_for()
            assert 0 < int(shown.count.split()[0]) < total
            assert shown.count != before
    shown.page.locator("#filters button[type=reset]").click()
    assert shown.count.startswith(f"{total} assets")


def test_filters_narrow_together_and_tell_how_many(shown: Shown) -> None:
    total = int(shown.count.split()[0])
    shown.page.select_option("#f-decision", "skip")
    skipped = int(shown.count.split()[0])
    assert 0 < skipped < total
    marks = shown.page.locator("#table table.assets > tbody > tr:first-child .mark")
    assert set(marks.all_inner_texts()) == {"skip"}
    shown.page.select_option("#f-reason", "disallow")
    assert 0 < int(shown.count.split()[0]) <= skipped
    shown.page.select_option("#f-decision", "none")
    assert shown.count.startswith("0 of")
    shown.page.select_option("#f-reason", "")
    assert shown.count.startswith("1 of")


def test_the_options_of_a_filter_tell_what_it_will_find(shown: Shown) -> None:
    for name in ("decision", "reason", "family", "carrier", "duty"):
        options = shown.page.locator(f"#f-{name} option")
        for value, label in options.evaluate_all("all => all.map((e) => [e.value, e.text])"):
            if value:
                shown.page.select_option(f"#f-{name}", value)
                assert shown.count.split(" ")[0] == label.rsplit("(", 1)[1].rstrip(")"), label
        shown.page.select_option(f"#f-{name}", "")


def test_a_figure_leads_to_its_rows(shown: Shown) -> None:
    total = int(shown.count.split()[0])
    rows = shown.page.locator("section[aria-labelledby=adoption] tbody tr:has(button.show)")
    assert rows.count() > 5
    for place in range(5):
        assets = rows.nth(place).locator("td[data-label=Assets]").inner_text()
        rows.nth(place).locator("button.show").click()
        assert shown.count.startswith(f"{assets} of {total}")
        assert shown.page.evaluate("document.activeElement.id") == "assets"


def test_each_cost_leads_to_the_rows_that_it_counts(shown: Shown) -> None:
    rows = shown.page.locator("section[aria-labelledby=costs] tbody tr")
    assert rows.count() > 10
    for place in range(rows.count()):
        held, skipped = (
            int(rows.nth(place).locator(f"td[data-label={name}]").inner_text())
            for name in ("Held", "Skipped")
        )
        rows.nth(place).locator("button.show").click()
        assert shown.count.startswith(f"{held + skipped} of "), rows.nth(place).inner_text()
    shown.page.locator("#chips button").click()
    assert not shown.count.startswith(f"{held + skipped} of ") or held + skipped == 1


@pytest.mark.parametrize("policy", [True, False], ids=["with a verdict", "without"])
def test_each_party_leads_to_just_what_is_owed_to_it(
    show: Callable[..., Shown],
    page_of: Callable[..., str],
    file_of: Callable[[str], Path],
    policy: bool,
) -> None:
    shown = show(file_of(page_of([*audit_stores.varied(policy=policy), hostile_party()])))
    rows = shown.page.locator("section[aria-labelledby=owed] tbody tr:has(button.show)")
    assert rows.count() >= 5
    assert "<b>" in "".join(rows.all_inner_texts())
    for place in range(rows.count()):
        owed = rows.nth(place).locator("td[data-label=Assets]").inner_text()
        rows.nth(place).locator("button.show").click()
        assert shown.count.startswith(f"{owed} of "), rows.nth(place).inner_text()
        assert shown.page.locator("#chips button").count() == 1
    shown.page.locator("#chips button").click()
    assert " of " not in shown.count.split(";")[0]


def hostile_party() -> Any:
    """Something is owed to a party whose name tries to be more than text."""
    robots = b"User-agent: *\nLicense: https://x.example/rsl.xml\n"
    document = (
        '<rsl xmlns="https://rslstandard.org/rsl"><content url="/"><license>'
        '<payment type="attribution"/></license>'
        "<copyright>&lt;b&gt; \u202e\u00e9 &quot;x&quot; \\u{e9}</copyright></content></rsl>"
    ).encode()
    return sa.assess(
        sa.Capture("https://x.example/a", 200, [("Content-Type", "text/html")], b"<p>words"),
        robots=robots,
        documents={"https://x.example/rsl.xml": document},
        token="ExampleBot",
        policy=audit_stores.laboratory(),
        now=datetime(2026, 11, 22, tzinfo=UTC),
    )


@pytest.mark.parametrize("policy", [True, False], ids=["with a verdict", "without"])
def test_the_table_says_what_is_owed_as_the_csv_does(
    show: Callable[..., Shown],
    page_of: Callable[..., str],
    file_of: Callable[[str], Path],
    policy: bool,
) -> None:
    answers = [each for each in audit_stores.varied(policy=policy) if each.obligations][:50]
    shown = show(file_of(page_of(answers)))
    cells = shown.page.locator("#table table.assets > tbody > tr:first-child > [data-label=Owed]")
    found = cells.evaluate_all(
        "all => all.map((cell) => [...cell.querySelectorAll('p')].flatMap((p) => {"
        " p.querySelector('.note')?.remove(); return p.textContent.split(', '); }))"
    )
    expected = []
    for answer in answers:
        owed = table.cells(Row(1, answer.url, "", 0, 1, "{}"), answer.model_dump(mode="json"))
        expected.append({each.removesuffix(" (binding)") for each in owed["obligations"]})
    told = [{each.removesuffix(" (advisory)") for each in row} for row in found]
    assert told == expected
    assert any(told)
    if policy:
        assert not all(told)


def test_each_contradiction_leads_to_its_rows(shown: Shown) -> None:
    rows = shown.page.locator(
        "section[aria-labelledby=contradictions] > .frame tbody tr:has(button.show)"
    )
    assert rows.count() > 2
    for place in range(rows.count()):
        assets = rows.nth(place).locator("td[data-label=Assets]").inner_text()
        rows.nth(place).locator("button.show").click()
        assert shown.count.startswith(f"{assets} of "), rows.nth(place).inner_text()


def test_each_head_sorts_both_ways(shown: Shown) -> None:
    first = shown.urls
    for name in ("Asset", "Decision", "Because", "Preferences", "Owed"):
        button = shown.page.locator("#table thead button", has_text=name)
        head = shown.page.locator("#table thead th", has_text=name)
        button.click()
        one, way = shown.urls, head.get_attribute("aria-sort")
        button.click()
        other, back = shown.urls, head.get_attribute("aria-sort")
        assert {way, back} == {"ascending", "descending"}
        assert one != other
        if name == "Asset":
            assert way == "ascending"
            assert one == sorted(one, key=str.lower)
        assert shown.page.locator("#table thead [aria-sort]").count() == 1
    shown.page.locator("#table thead button", has_text="No.").click()
    assert shown.urls == first


def test_pages_of_the_table_show_each_row_once(shown: Shown) -> None:
    total = int(shown.count.split()[0])
    shown.page.select_option("#size", "25")
    found: list[str] = []
    numbers = shown.page.locator("#table table.assets > tbody > tr:first-child > td:first-child")
    after = shown.page.locator("[data-go=after]")
    while True:
        found += numbers.all_inner_texts()
        if after.get_attribute("aria-disabled") == "true":
            break
        after.click()
    assert found == [str(each + 1) for each in range(total)]


def test_the_script_shows_the_same_first_rows_as_the_page_without_it(
    show: Callable[..., Shown], file: Path
) -> None:
    plain = show(file, java_script_enabled=False)
    rows = plain.page.locator("#plain tbody tr")
    assert rows.count() == 50
    assert plain.page.locator(".bar rect").count() > 20
    assert not plain.page.locator("#filters").is_visible()
    assert plain.page.locator("noscript").inner_text().startswith("These are the first 50")
    first = [each.split("\n")[0] for each in rows.locator("th").all_inner_texts()]
    decisions = rows.locator("td[data-label=Decision]").all_inner_texts()
    shown = show(file)
    marks = shown.page.locator(
        "#table table.assets > tbody > tr:first-child > td[data-label=Decision]"
    )
    assert shown.urls == first
    assert marks.all_inner_texts() == decisions


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 768, 1000, 1280])
def test_all_text_is_read_easily_and_nothing_runs_off_the_side(
    show: Callable[..., Shown], file: Path, scheme: str, width: int
) -> None:
    shown = show(file, color_scheme=scheme, viewport={"width": width, "height": 800})
    # All that can be unfolded, the hostile row too.
    shown.page.evaluate("document.querySelectorAll('details').forEach((e) => { e.open = true; })")
    shown.page.locator("#table .evidence").last.wait_for()
    assert shown.sideways() == 0
    found = shown.page.evaluate(CONTRAST)
    assert found["looked"] > 500
    assert found["bad"] == []
    wide = shown.page.evaluate(
        "[...document.querySelectorAll('.frame')].filter((e) => e.scrollWidth > e.clientWidth + 1)"
        ".map((e) => e.querySelector('caption').textContent)"
    )
    assert wide == []


def test_the_theme_is_chosen_by_the_reader_and_kept(shown: Shown) -> None:
    def paper() -> Any:
        return shown.page.evaluate("getComputedStyle(document.body).backgroundColor")

    light = paper()
    shown.page.locator("input[name=theme][value=dark]").check()
    dark = paper()
    assert dark != light
    shown.page.reload()
    shown.page.locator("html[data-ready]").wait_for()
    assert paper() == dark
    assert shown.page.locator("input[name=theme][value=dark]").is_checked()
    shown.page.locator("input[name=theme][value=auto]").check()
    assert paper() == light
    shown.page.emulate_media(color_scheme="dark")
    assert paper() == dark


def test_print_has_no_controls_and_says_how_many_rows_it_holds(shown: Shown) -> None:
    shown.page.emulate_media(media="print", color_scheme="dark")
    for selector in ("#filters", "#pager", ".themes", ".top nav", "button.show"):
        assert not shown.page.locator(selector).first.is_visible()
    assert "Printed here: 50 of" in shown.page.inner_text("#print-note")
    white = shown.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert white == "rgb(255, 255, 255)"
    assert shown.page.evaluate(CONTRAST)["bad"] == []
    assert shown.page.locator("#table table.assets > tbody").count() == 50
    # A sheet of paper is no telephone.
    shown.page.set_viewport_size({"width": 700, "height": 1000})
    cells = shown.page.locator("#table table.assets > tbody > tr:first-child > td").first
    assert cells.evaluate("(cell) => getComputedStyle(cell).display") == "table-cell"


def test_the_keyboard_reaches_everything_that_can_be_used(
    show: Callable[..., Shown], page_of: Callable[..., str], file_of: Callable[[str], Path]
) -> None:
    shown = show(file_of(page_of(list(audit_stores.varied()[40:60:4]))))
    wanted = shown.page.evaluate(
        "() => { const all = [...document.querySelectorAll('a, button, select, input, summary')]"
        ".filter((e) => e.checkVisibility({ contentVisibilityAuto: true }) && e.type !== 'radio');"
        " all.forEach((e, at) => { e.dataset.at = at; }); return all.length; }"
    )
    reached: set[str] = set()
    for _ in range(wanted + 30):
        shown.page.keyboard.press("Tab")
        at = shown.page.evaluate("document.activeElement.dataset.at ?? ''")
        if at in reached:
            break
        if at:
            reached.add(at)
            seen = shown.page.evaluate(
                "(() => { const e = document.activeElement; const s = getComputedStyle(e);"
                " return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2; })()"
            )
            assert seen, f"where the keyboard is cannot be seen at {at}"
    missed = {str(each) for each in range(wanted)} - reached
    assert missed == set()


def test_the_keyboard_sorts_unfolds_and_turns_pages(shown: Shown) -> None:
    button = shown.page.locator("#table thead button", has_text="Asset")
    button.focus()
    shown.page.keyboard.press("Enter")
    assert shown.urls == sorted(shown.urls, key=str.lower)
    assert shown.page.evaluate("document.activeElement.textContent").startswith("Asset")
    shown.page.locator("#table summary").first.focus()
    shown.page.keyboard.press("Enter")
    shown.page.locator("#table .evidence").first.wait_for()
    shown.page.locator("[data-go=last]").focus()
    shown.page.keyboard.press("Space")
    words = shown.page.inner_text("#page-of").split()
    assert words[1] == words[3]
    assert shown.page.evaluate("document.activeElement.dataset.go") == "last"


def test_a_run_of_nothing_is_shown_too(
    show: Callable[..., Shown], page_of: Callable[..., str], file_of: Callable[[str], Path]
) -> None:
    shown = show(file_of(page_of([])))
    assert shown.said == []
    assert "The run lists no URL." in shown.page.inner_text("#table")


def test_without_a_policy_each_use_has_its_decision(
    show: Callable[..., Shown], page_of: Callable[..., str], file_of: Callable[[str], Path]
) -> None:
    shown = show(file_of(page_of(list(audit_stores.varied(policy=False)[:60]))))
    assert shown.said == []
    shown.page.select_option("#f-decision", "skip")
    cells = shown.page.locator("#table td[data-label=Decision]").all_inner_texts()
    assert cells
    assert all("skip" in each for each in cells)


@pytest.mark.slow
def test_a_hundred_thousand_rows_open_and_are_searched(
    show: Callable[..., Shown], tmp_path: Path
) -> None:
    answers = [each for each in audit_stores.varied() if len(each.declarations) < 50]
    store = audit_stores.repeated(tmp_path / "audit.db", 100_000, answers=answers, waiting=50)
    file = tmp_path / "report.html"
    with Snapshot(store) as snapshot, file.open("w", encoding="utf-8", newline="\n") as out:
        out.writelines(write_run(snapshot))
    assert file.stat().st_size < 40_000_000
    shown = show(file)
    assert shown.count.startswith("100,000 assets")
    # Far more than it takes; what it does take is judged by eye.
    shown.page.set_default_timeout(10_000)
    shown.page.fill("#f-text", "s17.example")
    shown.page.locator("#count:has-text(' of ')").wait_for()
    # Each copy of a site has all its answers; the run may stop in the middle of one.
    assert 0 < int(shown.count.split()[0].replace(",", "")) < 2_000
    assert all("s17.example" in each for each in shown.urls)
    shown.page.locator("#filters button[type=reset]").click()
    shown.page.select_option("#f-decision", "none")
    assert shown.count.startswith("50 of 100,000")
    shown.page.locator("#filters button[type=reset]").click()
    shown.page.locator("#table thead button", has_text="Asset").click()
    assert shown.urls == sorted(shown.urls, key=str.lower)
    assert shown.said == []
