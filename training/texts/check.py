"""Check annotated news texts: one JSON object a line with `id`, `lang`, `date`, `text` and `statements`.

    python training/texts/check.py training/texts/*/*.jsonl [--gold FOLDER]

Prints one line for each error and, last, how much there is; actors that no table holds are listed but are no error.
With `--gold`, a text that shares a run of eight words with a text in FOLDER/*.jsonl is an error.
"""

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from kgraph import ontology
from kgraph.actors import gazetteer
from kgraph.language import available

FACTUALITIES = frozenset({"certain", "negated", "possible"})
REQUIRED = frozenset({"subject", "relation", "object", "factuality", "evidence"})
ACTORS = ("subject", "object", "attributed_to", "agent", "counterpart_agent")
ACTOR = re.compile(r"(country:[A-Z]{3}|org:[A-Z0-9_]+|(person|group|company|place|treaty):[a-z0-9]+(-[a-z0-9]+)*)\Z")
WHEN = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
RUN = 8  # words


def runs(text: str) -> set[tuple[str, ...]]:
    """Return all runs of RUN words of a text, in lower case."""
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1)}


def dated(when: str) -> bool:
    """Tell whether `when` is an ISO 8601 date or interval: YYYY, YYYY-MM, YYYY-MM-DD, A/B or A/.. ."""
    ends = when.split("/")
    for end in ends[:1] if len(ends) == 2 and ends[1] == ".." else ends:
        if not WHEN.fullmatch(end):
            return False
        try:
            date.fromisoformat((end + "-01-01")[:10])
        except ValueError:
            return False
    return len(ends) <= 2


def statement_errors(statement: dict[str, Any], text: str) -> Iterator[str]:
    """Yield what is wrong with a statement of a text."""
    if missing := REQUIRED - statement.keys():
        yield f"lacks {', '.join(sorted(missing))}"
        return
    relation = ontology.load().relations.get(statement["relation"])
    if relation is None:
        yield f"unknown relation {statement['relation']}"
        return
    if statement["evidence"] not in text or not statement["evidence"]:
        yield f"evidence is not in the text: {statement['evidence']}"
    if statement["factuality"] not in FACTUALITIES:
        yield f"unknown factuality {statement['factuality']}"
    if "when" in statement and not dated(statement["when"]):
        yield f"no ISO 8601 date or interval: {statement['when']}"
    if statement["subject"] == statement["object"]:
        yield f"{statement['subject']} {relation.id} itself"
    for role, kinds in (("subject", relation.subject_kinds), ("object", relation.object_kinds)):
        if statement[role].split(":")[0] not in kinds:
            yield f"{statement[role]} may not be the {role} of {relation.id}"
    for role in ACTORS:
        if role in statement and not ACTOR.match(statement[role]):
            yield f"ill-formed {role} {statement[role]}"


def unknown(statement: dict[str, Any]) -> Iterator[str]:
    """Yield the actors of a statement that no table holds."""
    for role in ACTORS:
        actor = statement.get(role)
        if actor and actor not in gazetteer.actors() and actor not in gazetteer.people():
            yield actor


def main() -> int:
    """Check the files; exit code 1 if there is an error."""
    parser = argparse.ArgumentParser(description="Check annotated news texts.")
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--gold", type=Path, help="folder of texts to share no run of words with")
    arguments = parser.parse_args()
    gold = set[tuple[str, ...]]()
    for file in sorted(arguments.gold.glob("*.jsonl")) if arguments.gold else ():
        for line in file.read_text(encoding="utf-8").splitlines():
            gold |= runs(json.loads(line)["text"])
    errors = 0
    ids, relations, strangers = set[str](), Counter[str](), Counter[str]()
    for file in arguments.files:
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            document = json.loads(line)
            found = []
            if document["id"] in ids:
                found.append("the id is taken")
            ids.add(document["id"])
            if document["lang"] not in available() or not dated(document["date"]):
                found.append("bad lang or date")
            found += [f"shares: {' '.join(run)}" for run in runs(document["text"]) & gold]
            seen = set[tuple[str, ...]]()
            for statement in document["statements"]:
                problems = list(statement_errors(statement, document["text"]))
                found += problems
                if problems:
                    continue
                key = tuple(statement[part] for part in ("subject", "relation", "object", "factuality"))
                if key in seen:
                    found.append(f"twice: {' '.join(key)}")
                seen.add(key)
                relations[statement["relation"]] += 1
                strangers.update(unknown(statement))
            errors += len(found)
            for problem in found:
                print(f"{file}:{number}: {document['id']}: {problem}")
    if strangers:
        print("in no table:", ", ".join(sorted(strangers)))
    print(f"{len(ids)} documents, {relations.total()} statements, {errors} errors")
    print(", ".join(f"{name} {relations[name]}" for name in ontology.load().relations))
    return int(errors > 0)


if __name__ == "__main__":
    sys.exit(main())
