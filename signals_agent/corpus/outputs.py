"""Every output of a corpus by its name and format, and the folder that holds them all."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Final

from signals_agent.corpus import checklist
from signals_agent.corpus.cards import croissant, dataset_card, front_matter, preferences
from signals_agent.corpus.cards.provenance import Provenance
from signals_agent.corpus.checklist import Ground, Item
from signals_agent.corpus.composition import as_json, compose, sets, weights, weights_markdown
from signals_agent.corpus.composition import markdown as composition_markdown
from signals_agent.corpus.composition.nouns import Composition, Weights
from signals_agent.corpus.contributions import Books, Worksheet
from signals_agent.corpus.contributions import json as contributions_json
from signals_agent.corpus.contributions import markdown as contributions_markdown
from signals_agent.corpus.contributions import sheet as contributions_sheet
from signals_agent.corpus.credits import bibtex, citation_cff, templates
from signals_agent.corpus.credits import json as credits_json
from signals_agent.corpus.credits import markdown as credits_markdown
from signals_agent.corpus.facts import Facts
from signals_agent.corpus.folder import Folder, Output
from signals_agent.corpus.holdings import Holdings
from signals_agent.corpus.separate import Separate
from signals_agent.corpus.separate import json as separate_json
from signals_agent.corpus.separate import markdown as separate_markdown
from signals_agent.corpus.separate import sheet as separate_sheet
from signals_agent.model.licence import Activity, ActivityAnswer
from signals_agent.model.verdict import Decision
from signals_agent.policy import Policy
from signals_agent.preference_manifest import PREFERENCES

_NO_LICENCE: Final = {
    Decision.INGEST: None,
    Decision.HOLD: ActivityAnswer.CAUTION,
    Decision.SKIP: ActivityAnswer.NO,
}
"""What a policy's ``no_licence`` answers where assets are composed."""

WORKSHEET: Final = "contributions.csv"


@dataclass
class Corpus:
    """One corpus, or several put together, with what a person and the policy say of it.

    ``planned`` are the activities that are planned, none where nobody said; ``changes`` says
    what was changed in the works, in a few words. What is made of it is made once, when it is
    first asked for.
    """

    holdings: Holdings
    facts: Facts
    today: date
    policy: Policy | None = None
    planned: Sequence[Activity] = ()
    worksheet: Worksheet | None = None
    provenance: Provenance = field(default_factory=Provenance)
    changes: str = ""

    @property
    def _no_licence(self) -> ActivityAnswer | None:
        return None if self.policy is None else _NO_LICENCE[self.policy.on.no_licence]

    @cached_property
    def composition(self) -> Composition:
        """What may be done with the whole."""
        return compose.make(self.holdings, no_licence=self._no_licence)

    @cached_property
    def apart(self) -> tuple[Composition, ...]:
        """The corpora by themselves, where there are several."""
        count = len(self.holdings.names)
        if count < 2:
            return ()
        return tuple(
            compose.make(self.holdings, no_licence=self._no_licence, corpus=number)
            for number in range(count)
        )

    @cached_property
    def weights(self) -> Weights:
        """What holds for a model that is trained on it."""
        return weights.make(self.composition, self.holdings, self._no_licence)

    @cached_property
    def books(self) -> Books:
        """What is owed as a contribution, and what was given."""
        return Books(self.holdings, self.facts, self.policy, self.worksheet, self.today)

    @cached_property
    def separate(self) -> Separate:
        """For what licences of one's own are needed."""
        return Separate(self.holdings, self.planned, self.composition)

    def checklist(self, written: Mapping[str, Output] | None = None) -> tuple[Item, ...]:
        """What has to be settled; ``written`` are the files that were written."""
        ground = Ground(
            self.holdings,
            self.composition,
            self.weights,
            self.facts,
            tuple(self.planned),
            self.today,
            written or {},
        )
        return checklist.make(ground)


Render = Callable[[Corpus], Iterator[str]]

PARTS: Final[Mapping[str, Mapping[str, Render]]] = {
    "credits": {
        "markdown": lambda of: credits_markdown.render(of.holdings, of.facts, of.changes),
        "json": lambda of: credits_json.render(of.holdings, of.facts, of.changes),
        "bibtex": lambda of: bibtex.render(of.holdings, of.facts, of.changes),
        "cff": lambda of: citation_cff.render(of.holdings, of.facts),
    },
    "contributions": {
        "markdown": lambda of: contributions_markdown.render(of.books, WORKSHEET),
        "json": lambda of: contributions_json.render(of.books),
        "csv": lambda of: contributions_sheet.render(of.books),
    },
    "composition": {
        "markdown": lambda of: composition_markdown.render(of.composition, of.apart),
        "json": lambda of: as_json.composition(of.composition, of.apart),
    },
    "weights": {
        "markdown": lambda of: weights_markdown.render(of.weights),
        "json": lambda of: as_json.weights(of.weights),
        "yaml": lambda of: front_matter.of_model(of.weights),
    },
    "separate-licences": {
        "markdown": lambda of: separate_markdown.render(of.separate),
        "json": lambda of: separate_json.render(of.separate),
        "csv": lambda of: separate_sheet.render(of.separate),
    },
    "checklist": {
        "markdown": lambda of: checklist.markdown(of.checklist()),
        "json": lambda of: checklist.document(of.checklist()),
    },
    "card": {
        "markdown": lambda of: dataset_card.markdown(
            of.holdings, of.composition, of.weights, of.facts, of.provenance
        ),
    },
    "croissant": {
        "json": lambda of: croissant.document(
            of.holdings, of.composition, of.facts, (), of.provenance
        ),
    },
}
"""What can be printed by itself: the name of each part, and its formats, the first by default."""

_ASSETS: Final = "separate-licences.csv"

_FILES: Final[Mapping[str, Render]] = {
    "CREDITS.md": PARTS["credits"]["markdown"],
    "credits.json": PARTS["credits"]["json"],
    "credits.bib": PARTS["credits"]["bibtex"],
    "CITATION.cff": PARTS["credits"]["cff"],
    "templates/paper.tex": lambda of: templates.paper_latex(of.holdings, of.facts, of.changes),
    "templates/paper.md": lambda of: templates.paper_markdown(of.holdings, of.facts, of.changes),
    "templates/readme.md": lambda of: templates.readme(of.holdings, of.facts, of.changes),
    "templates/demo.html": lambda of: templates.demo_page(of.holdings, of.facts, of.changes),
    "contributions.md": PARTS["contributions"]["markdown"],
    "contributions.json": PARTS["contributions"]["json"],
    WORKSHEET: PARTS["contributions"]["csv"],
    "composition.md": PARTS["composition"]["markdown"],
    "composition.json": PARTS["composition"]["json"],
    "weights.md": PARTS["weights"]["markdown"],
    "weights.json": PARTS["weights"]["json"],
    "weights-card.yaml": PARTS["weights"]["yaml"],
    "separate-licences.md": lambda of: separate_markdown.render(of.separate, full=_ASSETS),
    "separate-licences.json": lambda of: separate_json.render(of.separate, full=_ASSETS),
    _ASSETS: PARTS["separate-licences"]["csv"],
}


def write(
    folder: Folder, of: Corpus, step: Callable[[str], object] | None = None
) -> tuple[Item, ...]:
    """Write everything into a folder; the checklist, as it stands then.

    ``step`` is called with the name of each file before it is written.
    """

    def begun(name: str) -> str:
        if step is not None:
            step(name)
        return name

    for name, render in _FILES.items():
        folder.write(begun(name), render(of))
    for each in of.composition.sets:
        folder.write(begun(f"sets/{each.name}.jsonl"), sets.manifest(of.holdings, each))
    begun(PREFERENCES)
    preferences.write(folder, of.holdings, of.composition, of.facts, of.weights)
    folder.write(begun("README.md"), PARTS["card"]["markdown"](of))
    files = tuple(folder.outputs.values())
    folder.write(
        begun("croissant.json"),
        croissant.document(of.holdings, of.composition, of.facts, files, of.provenance),
    )
    items = of.checklist(folder.outputs)
    folder.write("checklist.md", checklist.markdown(items))
    folder.write("checklist.json", checklist.document(items))
    return items
