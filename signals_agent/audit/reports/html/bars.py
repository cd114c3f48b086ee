"""Charts that are tables: each row has its bar, drawn in SVG, beside the numbers it shows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from signals_agent.audit.reports.html.markup import Child, Markup, element, join
from signals_agent.audit.reports.words import share


@dataclass(frozen=True, slots=True)
class Column:
    """One kind of segment: its key in the counts, what it is called, and its class of colour."""

    key: str
    name: str
    look: str


def swatch(look: str) -> Markup:
    """A small square in the colour and pattern of a segment."""
    return element(
        "svg",
        element("rect", width="100%", height="100%", class_=f"s-{look}"),
        class_="swatch",
        aria_hidden="true",
    )


def bar(
    parts: Iterable[tuple[int, str]], whole: int, label: str = "", *, track: bool = False
) -> Markup:
    """A bar of segments, each a count and a class of colour, as long as their share in all.

    ``track`` shows the whole faintly behind it.

    Widths are per cents of the cell, so that the bar is as wide as there is room.
    """
    drawn: list[Markup] = []
    at = 0.0
    for count, look in parts:
        if count <= 0 or whole <= 0:
            continue
        # What is there at all is to be seen.
        width = max(100 * count / whole, 0.4)
        drawn.append(
            element(
                "rect",
                x=f"{min(at, 99.6):.3f}%",
                width=f"{min(width, 100):.3f}%",
                height="100%",
                class_=f"s-{look}",
            )
        )
        at += 100 * count / whole
    return element(
        "svg",
        *drawn,
        class_="bar track" if track else "bar",
        role="img" if label else None,
        aria_label=label or None,
        aria_hidden=None if label else "true",
    )


def stacked(
    caption: Child,
    first: str,
    columns: Sequence[Column],
    rows: Sequence[tuple[Child, Mapping[str, int]]],
) -> Markup:
    """A row of the table a bar: each is as long as the whole, and its segments are shares."""
    used = [each for each in columns if any(counts.get(each.key) for _, counts in rows)]
    head = element(
        "tr",
        element("th", first, scope="col"),
        element("th", element("span", "Shares", class_="visually-hidden"), scope="col"),
        (
            element("th", swatch(each.look), " ", each.name, scope="col", class_="number")
            for each in used
        ),
    )
    body = []
    for name, counts in rows:
        whole = sum(counts.get(each.key, 0) for each in used)
        body.append(
            element(
                "tr",
                element("th", name, scope="row"),
                element(
                    "td",
                    bar(((counts.get(each.key, 0), each.look) for each in used), whole),
                    class_="drawn",
                ),
                (_cell(each, counts.get(each.key, 0), whole) for each in used),
            )
        )
    return table(caption, head, body, "chart stacked")


def _cell(column: Column, count: int, whole: int) -> Markup:
    return element(
        "td",
        # The head with its swatch is out of sight on a narrow screen.
        element("span", swatch(column.look), class_="narrow"),
        element("span", f"{count:,}", class_="count"),
        " ",
        element("span", share(count, whole), class_="share") if count else None,
        class_="number",
        data_label=column.name,
    )


def table(caption: Child, head: Markup, body: Iterable[Child], look: str = "") -> Markup:
    """A table in a frame of its own, which scrolls where the screen is narrower."""
    return element(
        "div",
        element(
            "table",
            element("caption", caption),
            element("thead", head),
            element("tbody", body),
            class_=look or None,
        ),
        class_="frame",
    )


def heads(*names: str | tuple[str, str]) -> Markup:
    """A row of column heads; a pair gives the name and its class."""
    cells = []
    for each in names:
        name, look = each if isinstance(each, tuple) else (each, "")
        cells.append(element("th", name, scope="col", class_=look or None))
    return element("tr", cells)


def definitions(rows: Iterable[tuple[str, Child]]) -> Markup:
    """Names and what stands for them; those that say nothing are left out."""
    shown = [(name, value) for name, value in rows if value not in ("", None)]
    return element(
        "dl",
        (element("div", element("dt", name), element("dd", join(value))) for name, value in shown),
    )
