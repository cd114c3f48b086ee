"""What the families make of what was located: statements, settled by each family's own rule."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeAlias

from signals_agent import documents
from signals_agent.family import Context, Family
from signals_agent.gathered import Gathered, Inputs
from signals_agent.model.declaration import Declaration
from signals_agent.model.note import Note
from signals_agent.model.statement import Settled, Statement

Read: TypeAlias = tuple[tuple[Settled, ...], dict[str, Declaration], tuple[Note, ...]]
"""What each family settled on, every declaration by its id, and all notes."""


def read(families: Sequence[Family], context: Context, inputs: Inputs, found: Gathered) -> Read:
    """Each family reads what was located for it, and settles its own statements (rule R18).

    An expression that names documents is read once more when they were looked up.
    """
    if not found.units:
        if inputs.documents:
            documents.unused(inputs, found)
        return (), {}, ()
    settled: list[Settled] = []
    notes: list[Note] = []
    declarations: dict[str, Declaration] = {}
    for family in families:
        statements: list[Statement] = []
        for unit in found.units.get(family.name, ()):
            reading = family.read(unit, context)
            if reading.names:
                looked = {each.url: documents.look(each, inputs, found) for each in reading.names}
                context = replace(context, documents={**context.documents, **looked})
                reading = family.read(unit, context)
            notes.extend(reading.notes)
            statements.extend(reading.statements)
            declared = [each for made in reading.statements for each in made.declarations]
            if not declared and reading.notes:
                declared = [located.declaration for located in unit]
            for each in declared:
                declarations.setdefault(each.id, each)
                spoken = found.speaks_from.get(unit[0].declaration.id, context.url)
                found.speaks_from.setdefault(each.id, spoken)
        if statements:
            result = family.settle(statements, context)
            settled.append(result)
            notes.extend(result.notes)
    if inputs.documents:
        documents.unused(inputs, found)
    return tuple(settled), declarations, tuple(notes)
