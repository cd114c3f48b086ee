"""Texts to put into a paper, a README and a demo page, that name the parties credited most."""

from collections.abc import Iterator
from typing import Final

from signals_agent import quote
from signals_agent.corpus import called
from signals_agent.corpus.credits import asks, bibtex, summary, words
from signals_agent.corpus.credits.summary import Named, Summary
from signals_agent.corpus.facts import Facts
from signals_agent.corpus.holdings import Holdings
from signals_agent.model import citation
from signals_agent.model.obligation import Basis

_FILL: Final = "[say what you changed: filtered, cut, cleaned, translated ...]"


def paper_latex(
    holdings: Holdings, facts: Facts, changes: str = "", where: str = words.MARKDOWN, most: int = 5
) -> Iterator[str]:
    """A data statement for a paper, as LaTeX; ``where`` is the address of the full credits."""
    told, facts = summary.of(holdings, most), called.titled(facts, holdings.names)
    address = citation.address(where)
    # An address is percent-encoded, so nothing in it ends the command.
    full = f"\\url{{{address}}}" if address else f"\\texttt{{{citation.tex(where)}}}"
    yield (
        "% A data statement, to fit into the paper. It needs \\usepackage{hyperref} for addresses\n"
        f"% and {words.BIBTEX} for the citations: \\bibliography{{{words.BIBTEX[:-4]}}}.\n"
        "% Names in all scripts need LuaLaTeX or XeLaTeX.\n"
        "\\paragraph{Data and credits.}\n"
    )
    name = f"\\emph{{{citation.tex(_named(facts))}}}~\\cite{{{bibtex.set_key(facts)}}}"
    yield f"{name} {_holds(told)}\n"
    if told.biggest:
        parties = [
            f"{citation.tex(each.party.name)} ({_tex_count(each)})~\\cite{{{_keys(each)}}}"
            for each in told.biggest
        ]
        yield f"{_most(told)} {_series(parties)}.\n"
        yield f"{_rest(told)} {full}.\n"
    for sentence in _sentences(told, changes):
        yield citation.tex(sentence) + "\n"


def paper_markdown(
    holdings: Holdings, facts: Facts, changes: str = "", where: str = words.MARKDOWN, most: int = 5
) -> Iterator[str]:
    """The same data statement as Markdown."""
    told, facts = summary.of(holdings, most), called.titled(facts, holdings.names)
    yield "## Data and credits\n\n"
    yield f"*{_text(_named(facts))}* {_holds(told)}\n"
    if told.biggest:
        parties = [f"{_linked(each)} ({_count(each)})" for each in told.biggest]
        yield f"{_most(told)} {_series(parties)}.\n"
        yield f"{_rest(told)} {_link(where)}.\n"
    for sentence in _sentences(told, changes):
        yield _text(sentence) + "\n"


def readme(
    holdings: Holdings, facts: Facts, changes: str = "", where: str = words.MARKDOWN, most: int = 10
) -> Iterator[str]:
    """A section for the README of a dataset or a model."""
    told, facts = summary.of(holdings, most), called.titled(facts, holdings.names)
    yield "## Credits\n\n"
    yield f"{_text(_named(facts))} {_holds(told)}\n"
    if told.biggest:
        yield f"{_most(told)}:\n\n"
        for each in told.biggest:
            yield f"- {_linked(each)}, {_count(each)}\n"
        yield f"\n{_rest(told)} {_link(where)}.\n"
        yield f"Who passes the data on passes {_link(where)} on with it.\n"
    for sentence in _sentences(told, changes):
        yield _text(sentence) + "\n"
    yield f"To cite the set itself, see `{words.CFF}`.\n"


def demo_page(
    holdings: Holdings, facts: Facts, changes: str = "", where: str = words.MARKDOWN, most: int = 10
) -> Iterator[str]:
    """A footer for a demo page, as HTML: plain elements, nothing loaded from elsewhere."""
    told, facts = summary.of(holdings, most), called.titled(facts, holdings.names)
    if Basis.PREFERENCE in told.owed_to:
        yield (
            "<!-- CC signals ask for more in retrieval: wherever output can be tied to its input,\n"
            "     cite the collection beside the output, with a link. -->\n"
        )
    yield '<footer lang="en" aria-labelledby="data-credits">\n'
    yield '  <h2 id="data-credits">Credits for the data</h2>\n'
    yield f"  <p>{_html(_named(facts))} {_holds(told)}</p>\n"
    if told.biggest:
        full = f'<a href="{_html(citation.address(where) or where)}">the full credits</a>'
        yield f'  <p id="data-credits-most">{_most(told)}:</p>\n'
        yield '  <ul aria-labelledby="data-credits-most">\n'
        for each in told.biggest:
            linked = words.linked(each.party.name, each.party.url, "html")
            yield f"    <li>{linked}, {_count(each)}</li>\n"
        yield f"  </ul>\n  <p>{_rest(told)} {full}.</p>\n"
    for sentence in _sentences(told, changes):
        yield f"  <p>{_html(sentence)}</p>\n"
    yield "</footer>\n"


def _text(said: str) -> str:
    return quote.markdown(said, words.LONGEST)


def _html(said: str) -> str:
    return quote.html(said, words.LONGEST)


def _named(facts: Facts) -> str:
    return f"{words.title(facts)} {facts.version}" if facts.version else words.title(facts)


def _holds(told: Summary) -> str:
    if not told.credited:
        return f"holds {words.count(told.assets, 'asset')}, none of which asks for credit."
    if told.uncredited:
        verb = "asks" if told.uncredited == 1 else "ask"
        rest = f"{told.credited:,} of them credited ({told.uncredited:,} {verb} for no credit)"
    else:
        rest = "credited" if told.assets == 1 else "all of them credited"
    return (
        f"holds {words.count(told.assets, 'asset')}, {rest}: "
        f"{words.count(told.collections, 'collection')} of "
        f"{words.count(told.parties, 'declaring party')}, {summary.asking(told)}."
    )


def _most(told: Summary) -> str:
    if told.rest[0]:
        return "Most of it is from" if len(told.biggest) == 1 else "The largest parties are"
    return "They are from" if told.credited > 1 else "It is from"


def _rest(told: Summary) -> str:
    more, assets = told.rest
    if not more:
        return "Every credited work, with its creators, source and licence, is named in"
    verb = "is" if more == 1 else "are"
    return (
        f"{words.count(more, 'further party')}, with {words.count(assets, 'asset')}, {verb} not "
        "named here; every credited party and work, with creators, source and licence, is named in"
    )


def _sentences(told: Summary, changes: str) -> Iterator[str]:
    """What is owed, by what, and what was changed, as plain text."""
    found = [
        f"{how} {summary.to_parties(*told.owed_to.get(each[0].basis, (0, 0)))} "
        f"({words.asked(each, 8)})"
        for how, each in asks.by_basis(told.asks)
    ]
    if found:
        yield f"Credit is owed {_series(found)}."
    if told.says_changes:
        said = " ".join(changes.split()).rstrip(".")
        yield f"Changes to the works: {said or _FILL}."


def _keys(named: Named) -> str:
    return ",".join(bibtex.key(named.party, each) for each in named.largest)


def _count(named: Named) -> str:
    return words.count(named.assets, "asset")


def _tex_count(named: Named) -> str:
    """The assets, and the collections where not all of them are cited."""
    if named.collections == len(named.largest):
        return _count(named)
    return f"{_count(named)} in {words.count(named.collections, 'collection')}, the largest cited"


def _linked(named: Named) -> str:
    return words.linked(named.party.name, named.party.url)


def _link(where: str) -> str:
    address = citation.address(where) or quote.text(where, words.LONGEST)
    kept = "".join(each if each not in "<>\\\n" else f"%{ord(each):02X}" for each in address)
    return f"[{_text(where)}](<{kept}>)"


def _series(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
