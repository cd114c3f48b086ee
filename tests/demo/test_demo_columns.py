"""The demo's table on narrow and wide screens."""

import asyncio
from dataclasses import replace

import pytest

from signals_agent.demo import run, table
from signals_agent.model.verdict import Decision, Reason, ReasonCode
from signals_agent.terminal import Screen, width


@pytest.fixture(scope="module")
def licensed() -> run.Demo:
    """The demo, with one page that two reasons by a licence keep out."""
    demo = asyncio.run(run.run())
    first = demo.checked[0]
    reasons = (
        Reason(ReasonCode.LICENCE_FORBIDS, "no"),
        Reason(ReasonCode.LICENCE_CAUTION, "caution"),
    )
    assert first.result.verdict is not None
    result = first.result.model_copy(
        update={
            "uses": {
                use: replace(answer, decision=Decision.SKIP, reasons=reasons)
                for use, answer in first.result.uses.items()
            },
            "verdict": replace(first.result.verdict, decision=Decision.SKIP, reasons=reasons),
        }
    )
    return replace(demo, checked=(replace(first, result=result), *demo.checked[1:]))


def rows(licensed: run.Demo, columns: int) -> list[str]:
    """The table without what stands before and after."""
    return table.text(licensed, Screen(columns)).split("\n\n")[1].splitlines()


@pytest.mark.parametrize("columns", [80, 99, 100, 120])
def test_the_table_keeps_to_the_screen(licensed: run.Demo, columns: int) -> None:
    assert max(map(width, rows(licensed, columns))) <= columns


@pytest.mark.parametrize("columns", [80, 99, 100, 120])
def test_the_reasons_of_a_licence_stay_readable(licensed: run.Demo, columns: int) -> None:
    heading, *told = rows(licensed, columns)
    begins = next(n for n, line in enumerate(told) if line.startswith("  /"))
    found = told[begins:]
    row = found[0]
    if columns < 99:
        assert found[1] == "      (licence-forbids, licence-caution)"
        assert row.rstrip().endswith("skip")
    else:
        start = heading.index("owed")
        told = " ".join(line[start:] for line in found[:2] if line.startswith(" "))
        assert told.startswith("(licence-forbids, licence-caution)")
    assert row[heading.index("decision") :].startswith("skip")
