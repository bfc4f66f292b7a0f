"""How actors are called in each language, for graphs, exports and pages."""

from collections.abc import Mapping
from functools import cache

from kgraph import language
from kgraph.actors.gazetteer import actors

__all__ = ["labels", "qid"]


@cache
def _by_language() -> Mapping[str, Mapping[str, str]]:
    """Return language → actor → its first name there."""
    found: dict[str, dict[str, str]] = {}
    for code in language.available():
        names = found.setdefault(code, {})
        for name in language.load(code).names:
            if name.actor and name.sort == "name" and not name.needs and name.last is None:
                names.setdefault(name.actor, name.form)
    return found


def labels(actor: str) -> dict[str, str]:
    """Return language → label of an actor; the tables' label in English, else its id made readable."""
    known = actors().get(actor)
    plain = actor.partition(":")[2].replace("-", " ").title()
    out = {"en": known.label if known else plain}
    for code, names in _by_language().items():
        if code != "en":
            out[code] = names.get(actor, out["en"])
    return out


def qid(actor: str) -> str | None:
    """Return the Wikidata id of an actor, None where the tables have none."""
    known = actors().get(actor)
    return known.qid if known else None
