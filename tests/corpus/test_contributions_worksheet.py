"""The worksheet: what counts as given, what does not and why, and that nothing is ever lost."""

import csv
import tempfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import owing
import pytest
from hypothesis import given
from hypothesis import strategies as st
from owing import FEN, TERN, but

from signals_agent.corpus import contributions
from signals_agent.corpus.contributions import Books, Valuation, Worksheet, sheet
from signals_agent.corpus.contributions.gift import Form
from signals_agent.corpus.contributions.worksheet import FILLED as TO_FILL
from signals_agent.corpus.contributions.worksheet import OURS
from signals_agent.errors import ConfigError
from signals_agent.model.obligation import ObligationKind, Party


def the(made: Books, party: str) -> Valuation:
    return next(each for each in made.records() if each.to.name == party)


def read_back(path: Path, cells: dict[str, str], party: str = "Tern Museum") -> Books:
    with owing.three() as held:
        owing.filled(owing.books(held), path, {party: cells})
    return owing.books(owing.three(), contributions.read(path))


def text(made: Books) -> str:
    return "".join(sheet.render(made))


def test_a_row_that_is_whole_counts_as_given(tmp_path: Path) -> None:
    record = the(read_back(tmp_path / "sheet.csv", owing.FILLED), "Tern Museum")
    (gift,) = record.gifts
    assert (gift.amount, gift.currency, gift.form) == (Decimal("1500.50"), "EUR", Form.MONEY)
    assert (gift.beneficiary, gift.confirmed_by) == ("Friends of the Tern Museum", "Ada Fen")
    assert (gift.confirmed_on, gift.given_on) == (date(2026, 10, 1), date(2026, 10, 2))
    assert record.state == "given"


def test_a_gift_in_kind_needs_no_amount(tmp_path: Path) -> None:
    cells = but(form="", amount="", currency="", in_kind="200 hours of scanning")
    (gift,) = the(read_back(tmp_path / "sheet.csv", cells), "Tern Museum").gifts
    assert (gift.form, gift.in_kind, gift.amount) == (Form.IN_KIND, "200 hours of scanning", None)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        pytest.param(
            {"beneficiary": ""}, "beneficiary is empty: to whom it was given", id="to nobody"
        ),
        pytest.param(
            {"beneficiary_confirmed_by": ""},
            "beneficiary_confirmed_by is empty: a person has to confirm the beneficiary",
            id="confirmed by nobody",
        ),
        pytest.param(
            {"beneficiary_confirmed_on": ""},
            "beneficiary_confirmed_on is empty: the day on which the beneficiary was confirmed",
            id="confirmed on no day",
        ),
        pytest.param(
            {"beneficiary_confirmed_on": "2026-11-23"},
            "beneficiary_confirmed_on is 2026-11-23, which is still to come",
            id="confirmed tomorrow",
        ),
        pytest.param(
            {"given_on": "2027-01-01"},
            "given_on is 2027-01-01, which is still to come",
            id="given in the future",
        ),
        pytest.param({"given_on": ""}, "given_on is empty: not given yet", id="not given yet"),
        pytest.param(
            {"form": "", "amount": "", "currency": ""},
            "amount and in_kind are both empty: what was given",
            id="nothing given",
        ),
        pytest.param(
            {"currency": ""}, "currency is empty: of what the amount is", id="no currency"
        ),
        pytest.param(
            {"amount": "", "in_kind": "hours", "form": ""},
            "amount is empty: how much of the currency",
            id="a currency alone",
        ),
        pytest.param(
            {"form": "in-kind"}, "form is in-kind, and amount is filled in; write both", id="form"
        ),
        pytest.param(
            {"form": "money", "in_kind": "hours"},
            "form is money, and in_kind is filled in; write both",
            id="the other form",
        ),
        pytest.param({"form": "both"}, "form is both, and in_kind is empty", id="half of both"),
        pytest.param(
            {"form": "barter"},
            "form is 'barter'; accepted: money, in-kind, both",
            id="no form that is known",
        ),
        pytest.param(
            {"currency": "Euro"},
            "currency is 'Euro'; accepted is a code of ISO 4217, such as EUR",
            id="no currency that is known",
        ),
    ],
)
def test_a_row_that_is_not_whole_counts_for_nothing_and_says_why(
    tmp_path: Path, changes: dict[str, str], reason: str
) -> None:
    made = read_back(tmp_path / "sheet.csv", but(**changes))
    record = the(made, "Tern Museum")
    assert list(record.gifts) == []
    assert [each.reasons for each in record.recorded] == [(reason,)]
    assert made.account.sums == ()
    assert made.account.in_kind == 0
    assert record.state == f"recorded, and not counted: {reason}"


@pytest.mark.parametrize(
    "day", ["02.10.2026", "10/2/2026", "2026-10-2", "20261002", "2026-10-02 00:00:00", "2026-02-30"]
)
def test_only_days_as_iso_writes_them_are_accepted(tmp_path: Path, day: str) -> None:
    record = the(read_back(tmp_path / "sheet.csv", but(given_on=day)), "Tern Museum")
    (reason,) = record.recorded[0].reasons
    assert reason.startswith(f"given_on is '{day}'; accepted is year-month-day, such as 2026-11-22")
    assert list(record.gifts) == []


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        pytest.param("1500", Decimal(1500), id="a whole number"),
        pytest.param("1500.5", Decimal("1500.5"), id="a point"),
        pytest.param("1500,50", Decimal("1500.50"), id="a comma that can only be a point"),
        pytest.param("0.0001", Decimal("0.0001"), id="a small amount"),
        pytest.param("1,500", None, id="a comma that may be either"),
        pytest.param("1.500,50", None, id="thousands set apart"),
        pytest.param("1 500", None, id="a blank between thousands"),
        pytest.param("1.5E+03", None, id="an exponent"),
        pytest.param("EUR 5", None, id="the currency beside it"),
        pytest.param("-5", None, id="below nothing"),
        pytest.param("0", None, id="nothing"),
        pytest.param("0,00", None, id="nothing with decimals"),
        pytest.param("\u0665", None, id="other digits"),
    ],
)
def test_amounts(tmp_path: Path, written: str, amount: Decimal | None) -> None:
    made = read_back(tmp_path / "sheet.csv", but(amount=written))
    assert [each.amount for each in the(made, "Tern Museum").gifts] == [amount] * bool(amount)
    if not amount:
        (reason,) = the(made, "Tern Museum").recorded[0].reasons
        assert "accepted is a number above nothing" in reason


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_sheet_comes_back_however_a_program_saves_it(
    tmp_path: Path, delimiter: str, encoding: str, ending: str
) -> None:
    path = tmp_path / "sheet.csv"
    cells = but(note='Größe; "quoted", and\nthe next line')
    with owing.three() as held:
        made = owing.books(held)
        owing.filled(
            made,
            path,
            {"Tern Museum": cells},
            delimiter=delimiter,
            encoding=encoding,
            ending=ending,
        )
        (gift,) = the(owing.books(held, contributions.read(path)), "Tern Museum").gifts
    assert gift.note == cells["note"]


def test_columns_may_stand_in_any_order_and_casing_behind_a_line_that_names_the_separator(
    tmp_path: Path,
) -> None:
    path = tmp_path / "sheet.csv"
    with owing.three() as held:
        made = owing.books(held)
        row = {"id": owing.ids(made)["Tern Museum"], **owing.FILLED}
        names = sorted(row, reverse=True)
        head = ";".join(f" {name.upper()} " for name in names)
        path.write_text(f"sep=;\n{head};;\n{';'.join(row[name] for name in names)};;\n", "utf-8")
        read = contributions.read(path)
        assert len(list(the(owing.books(held, read), "Tern Museum").gifts)) == 1
    assert [row.line for rows in read.rows.values() for row in rows] == [3]


@pytest.mark.parametrize(
    ("octets", "said"),
    [
        pytest.param("id,note\nx,Gr\u00f6\u00dfe".encode("cp1252"), "is not in UTF-8", id="latin"),
        pytest.param(b"PK\x03\x04rest", "is a spreadsheet program's own file", id="xlsx"),
        pytest.param(b"party;amount\nA;5\n", "has to name the columns, id among them", id="no id"),
        pytest.param(b"", "has to name the columns", id="nothing"),
        pytest.param(b'id,note\nx,"open\n', "line 2 is no CSV", id="a quotation mark left open"),
        pytest.param(b"id,note,Note\nx,1,2\n", "two columns called 'note'", id="columns twice"),
        pytest.param(b"id,note\nx," + b"n" * 1_000_001, "is no CSV (field larger", id="too long"),
    ],
)
def test_what_is_no_worksheet_is_refused_with_what_to_do(
    tmp_path: Path, octets: bytes, said: str
) -> None:
    path = tmp_path / "sheet.csv"
    path.write_bytes(octets)
    with pytest.raises(ConfigError) as raised:
        contributions.read(path)
    assert said in str(raised.value)
    assert "sheet.csv" in str(raised.value)


def test_a_sheet_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot read"):
        contributions.read(tmp_path / "none.csv")


def test_a_sheet_that_is_written_anew_keeps_what_was_filled_in(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    cells = {**but(given_on="2.10.2026", note="=see the letter"), "our ref": "A-7"}
    made = read_back(path, cells)
    made.holdings.add([owing.asset("https://new.example/", FEN, *owing.signalled("cc-cr-dc", FEN))])
    made = owing.books(made.holdings, contributions.read(path))
    table = owing.rows(text(made))
    (row,) = [each for each in table if each["party"] == "Tern Museum"]
    assert row["note"] == "'=see the letter"
    assert {name: row[name] for name in cells if name != "note"} == {
        name: cell for name, cell in cells.items() if name != "note"
    }
    assert row["state"].startswith("not counted: given_on is '2.10.2026'")
    assert ("fen.example", "direct-contribution") in {(r["party"], r["kind"]) for r in table}
    assert list(table[0]) == [*OURS, *TO_FILL, "our ref"]


def test_what_was_measured_is_written_anew_whatever_stands_in_the_sheet(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    made = read_back(path, {**owing.FILLED, "assets": "999", "bytes": "9", "state": "given"})
    (row,) = [each for each in owing.rows(text(made)) if each["party"] == "Tern Museum"]
    assert (row["assets"], row["bytes"]) == ("1", "100")


def test_two_gifts_to_one_party_take_two_rows(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    made = read_back(path, owing.FILLED)
    lines = owing.rows(text(made))
    again = {**next(each for each in lines if each["receipt"]), "receipt": "R-2", "amount": "1"}
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(lines[0]))
        writer.writeheader()
        writer.writerows([*lines, again])
    made = owing.books(made.holdings, contributions.read(path))
    assert [each.amount for each in made.account.sums] == [Decimal("1501.50")]
    assert len([r for r in owing.rows(text(made)) if r["party"] == "Tern Museum"]) == 2


def test_a_row_that_was_copied_as_it_is_counts_once_and_is_told(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    made = read_back(path, owing.FILLED)
    lines = owing.rows(text(made))
    lines.append(next(each for each in lines if each["receipt"]))
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(lines[0]))
        writer.writeheader()
        writer.writerows(lines)
    made = owing.books(made.holdings, contributions.read(path))
    assert [each.amount for each in made.account.sums] == [Decimal("1500.50")]
    ((_, told),) = made.account.uncounted
    assert told.reasons == (
        "it says the same as line 4; where it is another gift, note its receipt",
    )


def test_rows_of_parties_that_are_not_in_this_corpus_are_kept_and_told(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    made = read_back(path, owing.FILLED)
    member = owing.asset("https://fen.example/", FEN, *owing.signalled("cc-cr-dc", FEN))
    with owing.holding(member) as other:
        elsewhere = owing.books(other, contributions.read(path))
        assert [why for _, why in elsewhere.account.left_over] == [
            "Tern Museum is not in this corpus"
        ]
        assert elsewhere.account.sums == ()
        path.write_text(text(elsewhere), "utf-8")
    back = owing.books(made.holdings, contributions.read(path))
    assert len(list(the(back, "Tern Museum").gifts)) == 1


def test_ids_that_got_to_another_party_give_it_nothing(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    with owing.three() as held:
        known = owing.ids(owing.books(held))
        owing.filled(
            owing.books(held),
            path,
            {"Tern Museum": {**owing.FILLED, "id": known["wren.example"]}},
        )
        for _ in range(2):  # written anew, it still does not count
            made = owing.books(held, contributions.read(path))
            assert made.account.sums == ()
            ((row, why),) = made.account.left_over
            assert row.said["party"] == "Tern Museum"
            assert why == (
                "id is that of ecosystem-contribution to wren.example, and the row names another"
            )
            path.write_text(text(made), "utf-8")


def test_a_row_without_an_id_is_kept_and_counts_for_nothing(tmp_path: Path) -> None:
    made = read_back(tmp_path / "sheet.csv", {**owing.FILLED, "id": ""})
    ((_, why),) = made.account.left_over
    assert why.startswith("id is empty")
    assert owing.rows(text(made))[-1]["receipt"] == "R-1"


def test_cells_beyond_the_columns_are_kept_and_the_row_does_not_count(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    with owing.three() as held:
        known = owing.ids(owing.books(held))["Tern Museum"]
        cells = {"id": known, **owing.FILLED}
        path.write_text(f"{','.join(cells)}\n{','.join(cells.values())},beyond\n", "utf-8")
        for _ in range(2):
            made = owing.books(held, contributions.read(path))
            ((_, told),) = made.account.uncounted
            assert "more cells than columns" in told.reasons[0]
            assert "beyond" in text(made)
            path.write_text(text(made), "utf-8")


def test_a_name_that_is_a_formula_is_disarmed_and_still_known_when_it_comes_back(
    tmp_path: Path,
) -> None:
    name = '=HYPERLINK("https://evil.example";"x")'
    evil = owing.named(TERN, name)
    path = tmp_path / "sheet.csv"
    with owing.holding(
        owing.asset("https://e.example/", evil, *owing.signalled("cc-cr-dc", evil))
    ) as held:
        made = owing.books(held)
        (row,) = owing.rows(text(made))
        assert row["party"] == "'" + name
        owing.filled(made, path, {"'" + name: owing.FILLED})
        assert len(made.account.sums) == 0
        assert len(owing.books(held, contributions.read(path)).account.sums) == 1


hostile = st.text(alphabet=st.sampled_from("=+-@;,\"'\t\r\n\0 ab\uff1d\u202e"), max_size=12)


@given(name=hostile.filter(bool), asked=hostile, delimiter=st.sampled_from(",;\t"))
def test_no_cell_that_a_publisher_fills_begins_as_a_formula_does(
    name: str, asked: str, delimiter: str
) -> None:
    party = Party(name, "https://e.example/" + asked.replace("\0", ""), inferred=False)
    debt = owing.owed(ObligationKind.DIRECT_CONTRIBUTION, party, asked, beneficiary=party)
    with owing.holding(owing.asset("https://e.example/", party, debt)) as held:
        written = text(owing.books(held)).removeprefix("\ufeff")
    for cells in csv.reader(written.splitlines(keepends=True), delimiter=delimiter):
        for cell in cells:
            assert not cell.startswith(tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")), cell


typed = st.text(
    alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20
)


@given(cells=st.dictionaries(st.sampled_from([*TO_FILL, "ref"]), typed), by=st.sampled_from(",;\t"))
def test_whatever_a_person_types_stays_and_a_second_writing_changes_nothing(
    cells: dict[str, str], by: str
) -> None:
    with owing.three() as held, tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sheet.csv"
        owing.filled(owing.books(held), path, {"Tern Museum": cells}, delimiter=by)
        made = owing.books(held, contributions.read(path))
        once = text(made)
        path.write_text(once, "utf-8", newline="")
        read = contributions.read(path)
        assert text(owing.books(held, read)) == once
    kept = {
        name: cell for rows in read.rows.values() for row in rows for name, cell in row.said.items()
    }
    for name, cell in cells.items():
        bare = cell.strip()
        if bare[:1] != "'":
            assert kept.get(name, "") == bare


def test_an_empty_worksheet_is_as_none() -> None:
    with owing.three() as held:
        assert text(owing.books(held)) == text(owing.books(held, Worksheet()))
