"""The members of a corpus as the manifest that travelled with it has them."""

import json
from collections.abc import Iterator, Mapping
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any, Final

from signals_agent import quote
from signals_agent import url as urls
from signals_agent.corpus.member import Debt, Declared, Footing, Member, Stated
from signals_agent.corpus.of_list import Unread
from signals_agent.errors import ConfigError, InvalidURL
from signals_agent.model.attribution import Attribution, LicenceName
from signals_agent.model.licence import (
    Activity,
    ActivityAnswer,
    ActivityTerms,
    Contact,
    ContactKind,
    Licence,
    LicenceScope,
)
from signals_agent.model.obligation import Basis, ObligationKind, Party
from signals_agent.model.statement import Preference
from signals_agent.model.use import Use
from signals_agent.preference_manifest import Manifest, NotAManifest

_LONGEST: Final = 1_000_000
"""The longest line that is read, in octets (rule R39)."""

_WRONG: Final = (ValueError, LookupError, TypeError, AttributeError, RecursionError)


def members(path: str | Path, unread: Unread) -> Iterator[Member]:
    """Each source of a preference manifest, as a member: what it stands on and what it asks.

    ``path`` is the folder of the manifest or its ``preferences.json``. A line that cannot be
    read is noted in ``unread`` and left out. Raises ``ConfigError`` where there is no
    manifest, where newer software wrote it, and in the end where the sources are not those
    that it was written with: whoever composes corpora must have the whole of each.
    """
    try:
        with Manifest.open(path) as manifest:
            if manifest.newer:
                schema = quote.text(manifest.document["schema"])
                raise ConfigError(f"{manifest.path} was written by newer software ({schema})")
            yield from _members(manifest, _Tables(manifest), unread)
    except NotAManifest as error:
        raise ConfigError(str(error)) from None
    except OSError as error:
        raise ConfigError(f"cannot read {path}: {error.strerror or error}") from None


def _members(manifest: Manifest, tables: "_Tables", unread: Unread) -> Iterator[Member]:
    digest = sha256()
    shown = quote.text(str(manifest.sources_path), 300)
    with manifest.sources_path.open("rb") as stream:
        for number in count(1):
            line = stream.readline(_LONGEST + 1)
            if not line:
                break
            digest.update(line)
            where = f"{shown} line {number}"
            if len(line) > _LONGEST:
                unread.note(f"{where}: longer than {_LONGEST} octets")
                while line and not line.endswith(b"\n"):
                    line = stream.readline(_LONGEST)
                    digest.update(line)
                continue
            try:
                said = json.loads(line)
                made = tables.member(said, where)
            except InvalidURL as error:
                unread.note(f"{where}: {error}")
            except _WRONG as error:
                what = quote.text(f"{type(error).__name__}: {error}", 200)
                unread.note(f"{where}: it cannot be read ({what})")
            else:
                yield made
    if digest.hexdigest() != manifest.document["sources"].get("sha256"):
        raise ConfigError(
            f"{shown} is not as it was written: its SHA-256 differs. Get the manifest anew, or "
            "have it written anew from its corpus"
        )


class _Tables:
    """What the sources of a manifest share."""

    def __init__(self, manifest: Manifest) -> None:
        document = manifest.document
        try:
            terms = document["terms"]
            licences = [
                _licence(each, terms[_place(each["terms"])]) for each in document["licences"]
            ]
            self._footings = [
                Footing(
                    tuple(licences[_place(number)] for number in each["licences"]),
                    tuple(Activity(one) for one in each["agreed"]),
                )
                for each in document["footings"]
            ]
            self._asked = [_debt(each) for each in document["obligations"]]
        except _WRONG as error:
            what = quote.text(f"{type(error).__name__}: {error}", 200)
            raise ConfigError(f"{manifest.path} cannot be read: {what}") from None

    def member(self, said: Mapping[str, Any], where: str) -> Member:
        """The member of a line."""
        url = urls.parse(said["url"]).text
        party = _party(said["party"])
        credit = said.get("credit")
        return Member(
            url,
            party,
            self._footings[_place(said["footing"])],
            where,
            tuple(self._owed(each, party) for each in said["owed"]),
            None if credit is None else _credit(credit, url),
            tuple(
                Contact(ContactKind(each["kind"]), each.get("name"), each.get("url"))
                for each in said["ask"]
            ),
            _number(said.get("bytes")),
            _number(said.get("tokens")),
            said.get("checked_at"),
            _stated(said),
        )

    def _owed(self, said: Any, party: Party) -> Debt:
        number, to = (
            (said["obligation"], _party(said["to"])) if isinstance(said, dict) else (said, party)
        )
        asked = self._asked[_place(number)]
        return Debt(
            asked.kind,
            asked.binding,
            asked.basis,
            asked.signal,
            to,
            asked.text,
            asked.signal_version,
            asked.terms_url,
            asked.beneficiary,
        )


def _stated(said: Mapping[str, Any]) -> Stated:
    return Stated(
        tuple(
            (Use(use), Preference(answer)) for use, answer in said.get("preferences", {}).items()
        ),
        tuple(
            Declared(each["family"], each.get("expression"), each.get("source"))
            for each in said.get("declared", ())
        ),
    )


def _place(number: Any) -> int:
    """A place in a list; Python alone would count a negative one from the end."""
    if not isinstance(number, int) or isinstance(number, bool) or number < 0:
        raise ValueError(f"{number!r} is no place in a list")
    return number


def _number(said: Any) -> int | None:
    return None if said is None else _place(said)


def _party(said: Mapping[str, Any]) -> Party:
    return Party(said["name"], said.get("url"), said.get("inferred", True))


def _terms(row: Mapping[str, Any], url: str | None) -> dict[Activity, ActivityTerms]:
    return {
        Activity(activity): ActivityTerms(
            ActivityAnswer(cell["answer"]),
            tuple(ObligationKind(each) for each in cell["conditions"]),
            cell["reason"],
            cell.get("instead"),
            cell.get("clause"),
            url if cell.get("at_licence_url") else cell.get("terms_url"),
        )
        for activity, cell in row.items()
    }


def _licence(said: Mapping[str, Any], terms: Mapping[str, Any]) -> Licence:
    return Licence(
        id=said["id"],
        scope=LicenceScope(said["scope"]),
        activities=_terms(terms, said.get("url")),
        because=(),
        label=said["label"],
        spdx=said.get("spdx"),
        name=said.get("name"),
        url=said.get("url"),
        version=said.get("version"),
        parts=tuple(said["parts"]),
        governs=True,
    )


def _debt(said: Mapping[str, Any]) -> Debt:
    beneficiary = said.get("beneficiary")
    return Debt(
        ObligationKind(said["kind"]),
        said["binding"],
        Basis(said["basis"]),
        said["signal"],
        Party(""),
        said["text"],
        said.get("signal_version"),
        said.get("terms_url"),
        None if beneficiary is None else _party(beneficiary),
    )


def _credit(said: Mapping[str, Any], url: str) -> Attribution:
    return Attribution(
        url=said.get("url", url),
        text=said["text"],
        collection=said.get("collection"),
        title=said.get("title"),
        creators=tuple(said["creators"]),
        licence=said.get("licence"),
        licence_url=said.get("licence_url"),
        credit_text=said.get("credit_text"),
        credit_url=said.get("credit_url"),
        copyright_notice=said.get("copyright_notice"),
        licences=tuple(LicenceName(each["name"], each.get("url")) for each in said["licences"]),
    )
