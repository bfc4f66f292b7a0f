"""Languages as folders of tables: `load("id")` reads one, checks it and returns it."""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ahocorasick_rs import AhoCorasick

from kgraph import ontology
from kgraph.errors import LanguageError, TableError
from kgraph.tables import Row, nearest, read, read_folder

__all__ = [
    "ROLES",
    "SLOTS",
    "Condition",
    "Cue",
    "Embedding",
    "Language",
    "Name",
    "Office",
    "Senses",
    "available",
    "check_actor",
    "load",
]

FOLDER = Path(__file__).parent
SORTS = ("name", "short", "acronym", "adjective", "people", "capital", "seat", "nickname", "former")
EFFECTS = ("report", "possible", "negated", "certain")
POS = ("verb", "noun", "adj", "phrase")
SHORT_STEM = 5  # letters that a stem of one syllable has at most
STANDIN_SORTS = ("body", "force", "asset", "person", "private", "relational")
PARTICLE_EFFECTS = ("possible", "negated")
SUPPORT_EFFECTS = ("", *PARTICLE_EFFECTS)
REFERENCE_SORTS = (
    "singular", "plural", "both", "first-singular", "first-plural", "possessive", "possessive-plural", "reflexive",
    "reciprocal", "other", "former", "latter", "descriptor",
)  # fmt: skip
DATE_SORTS = (
    "month", "weekday", "number", "ordinal", "vague-number", "part", "unit", "one-unit", "season", "quarter", "decade",
    "holiday", "movable-holiday", "relative-day", "relative", "recent", "vague", "daypart", "direction",
    "direction-after", "anchored", "anchored-after", "at", "from", "since", "since-then", "first-since", "until",
    "within", "deadline", "between", "between-and", "range", "offset", "counted", "currency", "word",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Name:
    """A form by which an actor may be named; `actor` is None for a longer form that names no actor."""

    form: str
    actor: str | None
    sort: str
    exact: bool = True
    needs: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    first: int | None = None
    last: int | None = None


ROLES = frozenset(
    ["near", "prt", "agent", "patient", "recipient", "poss", "self", "complement", "infinitive", "any", "governor"]
)
"""What a cue's condition may ask of, besides prepositions; "near" is a preposition, too."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What a cue needs, or must not have, in one role; `words` empty means anything."""

    role: str
    words: frozenset[str]
    forbidden: bool = False


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that express a relation, and the roles in which its two sides stand."""

    id: str
    relation: str
    pos: str
    heads: tuple[tuple[str, ...], ...]
    needs: tuple[Condition, ...]
    subject: tuple[str, ...]
    object: tuple[str, ...]
    factuality: str = "certain"

    @property
    def mutual(self) -> bool:
        """Tell whether either side may do it to the other: "trade between X and Y", "X and Y traded blame"."""
        return "parties" in self.subject or ("agent" in self.subject and "agent" in self.object)


@dataclass(frozen=True, slots=True)
class Embedding:
    """A word that embeds what is said, and what that does to factuality and attribution."""

    effect: str
    scope: frozenset[str]
    speaker: str | None


@dataclass(frozen=True, slots=True)
class Office:
    """A title, and the relation that its holder has to a state or organisation; relation None: no office now."""

    form: tuple[str, ...]
    relation: str | None
    office: str


@dataclass(frozen=True)
class Voice:
    """How verbs show by prefixes that they are active or passive.

    `prefixes` are those of the active, each with the first sounds of the stems that take it: it stands `before` these,
    or `replaces` them.
    """

    passive: str
    no_passive: tuple[str, ...]
    active: str
    prefixes: tuple[Mapping[str, str], ...]
    short: str  # the prefix of the active that stems of one syllable may take as well

    def is_passive(self, form: str) -> bool:
        """Tell whether a word in lower case has the form of a passive."""
        return form.startswith(self.passive) and len(form) > 4 and not form.startswith(self.no_passive)

    def is_active(self, form: str) -> bool:
        """Tell whether a word in lower case begins like an active verb."""
        return form.startswith(self.active)

    def active_forms(self, form: str) -> tuple[str, ...]:
        """Return the active forms that a passive or a bare stem may have ("diserang", "serang": "menyerang")."""
        stem = form[len(self.passive) :] if self.is_passive(form) else form
        if len(stem) < 3 or not stem.isalpha() or (stem == form and self.is_active(stem)):
            return ()
        found = [prefix + stem[cut:] for prefix, cut in self._by_sound.get(stem[0], ())]
        return (*found, self.short + stem) if self.short and len(stem) <= SHORT_STEM else tuple(found)

    @cached_property
    def _by_sound(self) -> Mapping[str, list[tuple[str, int]]]:
        """Return first sound of a stem → its prefixes, each with how many sounds it takes the place of."""
        found: dict[str, list[tuple[str, int]]] = {}
        for prefix in self.prefixes:
            for cut, sounds in enumerate((prefix.get("before", ""), prefix.get("replaces", ""))):
                for sound in sounds:
                    found.setdefault(sound, []).append((prefix["form"], cut))
        return found


class Words(dict[str, frozenset[str]]):
    """Name → a closed set of words, empty where the language has none."""

    def __missing__(self, name: str) -> frozenset[str]:
        """Return an empty set."""
        return frozenset()


class Senses(dict[str, tuple[tuple[str, str], ...]]):
    """Form of one or more words → its senses, each a sort and a value."""

    @cached_property
    def widths(self) -> Mapping[str, tuple[int, ...]]:
        """Return first word → how many words the forms have that it opens, the longest first."""
        return _widths(self)


class Terms:
    """Words and phrases to look for in a text, whatever their case."""

    def __init__(self, forms: Iterable[str]) -> None:
        """Compile the automaton that finds the phrases."""
        lowered = {form.lower() for form in forms}
        self.words = frozenset(form for form in lowered if form.isalnum())
        self.phrases = sorted(lowered - self.words)
        self._automaton = AhoCorasick(self.phrases)

    def count(self, lowered: str, words: AbstractSet[str]) -> int:
        """Return how many different ones a text in lower case has whose words are given."""
        found = {
            number
            for number, start, end in self._automaton.find_matches_as_indexes(lowered, overlapping=True)
            if not lowered[start - 1 : start].isalnum() and not lowered[end : end + 1].isalnum()
        }
        return len(self.words & words) + len(found)


@dataclass(frozen=True)
class Language:
    """All that kgraph knows of one language, read from its folder."""

    code: str
    name: str
    pipelines: tuple[str, ...]
    roles: Mapping[str, str]
    abbreviations: tuple[str, ...]
    definite: frozenset[str]
    unlisted_stand_in: bool
    bare_possessor: bool
    bare_arguments: bool
    voice: Voice | None
    words: Mapping[str, frozenset[str]]
    names: tuple[Name, ...]
    cues: tuple[Cue, ...]
    classes: Mapping[str, frozenset[str]]
    embeddings: Mapping[str, tuple[Embedding, ...]]
    particles: Mapping[str, str]
    support: Mapping[str, str]
    standins: Mapping[str, str]
    acts: Mapping[str, frozenset[str]]
    offices: tuple[Office, ...]
    dates: Senses
    references: Senses
    topics: Mapping[str, Terms]
    idle: Terms
    boilerplate: tuple[re.Pattern[str], ...]
    prepositions: frozenset[str]

    @cached_property
    def titles(self) -> Mapping[str, tuple[Office, ...]]:
        """Return the offices by the first word of their form."""
        found: dict[str, list[Office]] = {}
        for office in self.offices:
            found.setdefault(office.form[0], []).append(office)
        return {word: tuple(offices) for word, offices in found.items()}

    @cached_property
    def first_person(self) -> frozenset[str]:
        """Return the words that begin a reference to whoever speaks, suffixes left out."""
        return frozenset(
            form.split()[0] for form, senses in self.references.items() if any(s.startswith("first") for s, _ in senses)
        )

    @cached_property
    def suffixes(self) -> tuple[str, ...]:
        """Return the references that are written to the end of a word, such as Indonesian "nya"."""
        return tuple(form[1:] for form in self.references if form.startswith("-"))

    @cached_property
    def particle_widths(self) -> Mapping[str, tuple[int, ...]]:
        """Return first word → how many words the particles have that it opens, the longest first."""
        return _widths(self.particles)

    @cached_property
    def compound_standins(self) -> Mapping[str, frozenset[str]]:
        """Return first or last word → the stand-ins of several words that it opens or closes."""
        found: dict[str, set[str]] = {}
        for form in (form for form in self.standins if " " in form):
            for word in (form.split(" ")[0], form.split(" ")[-1]):
                found.setdefault(word, set()).add(form)
        return {word: frozenset(forms) for word, forms in found.items()}

    def pipeline(self) -> str:
        """Return what `spacy.load` takes for the best pipeline that is installed.

        Raises LanguageError where none is.
        """
        for name in self.pipelines:
            if name.startswith("."):
                folder = FOLDER / self.code / name
                if (folder / "meta.json").is_file():
                    return str(folder)
            elif find_spec(name) is not None:
                return name
        raise LanguageError(f"no pipeline for {self.name} is installed; install one of {', '.join(self.pipelines)}")


def _widths(forms: Iterable[str]) -> dict[str, tuple[int, ...]]:
    found: dict[str, set[int]] = {}
    for words in (form.split(" ") for form in forms):
        found.setdefault(words[0], set()).add(len(words))
    return {word: tuple(sorted(widths, reverse=True)) for word, widths in found.items()}


def available() -> list[str]:
    """Return the codes of the languages that have a folder."""
    return sorted(path.parent.name for path in FOLDER.glob("*/language.toml"))


@cache
def load(code: str) -> Language:
    """Return a language by its ISO 639-1 code.

    Raises LanguageError where there is no such folder, TableError where a table in it is wrong.
    """
    folder = FOLDER / code
    settings_file = folder / "language.toml"
    if not settings_file.is_file():
        raise LanguageError(f"no tables for language {code!r}; there are {', '.join(available())}")
    try:
        settings = tomllib.loads(settings_file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise TableError(f"{settings_file}: {error}") from None
    if missing := [name for name in ("name", "pipelines", "scheme") if name not in settings]:
        raise TableError(f"{settings_file}: lacks {', '.join(missing)}")
    classes = {
        row["class"].lstrip("@"): frozenset(row.choices("words"))
        for row in read(folder / "classes.tsv", ["class", "words"])
    }
    cues = tuple(_cue(row, code, classes) for row in read_folder(folder / "cues", CUE_COLUMNS))
    vetoes = list(read(folder / "vetoes.tsv", ["pattern", "sort"]))
    return Language(
        code=code,
        name=settings["name"],
        pipelines=tuple(settings["pipelines"]),
        roles=_scheme(settings["scheme"]),
        abbreviations=tuple(settings.get("abbreviations", ())),
        unlisted_stand_in=settings.get("unlisted_stand_in", False),
        bare_possessor=settings.get("bare_possessor", False),
        bare_arguments=settings.get("bare_arguments", False),
        voice=_voice(settings["voice"]) if "voice" in settings else None,
        definite=frozenset(settings.get("definite", ())),
        words=Words({name: frozenset(words) for name, words in settings.get("words", {}).items()}),
        names=tuple(_name(row) for row in read_folder(folder / "names", NAME_COLUMNS)),
        cues=cues,
        classes=classes,
        embeddings=_embeddings(folder / "embeddings.tsv"),
        particles=_pairs(folder / "particles.tsv", "form", "effect", PARTICLE_EFFECTS),
        support=_pairs(folder / "support.tsv", "verb", "effect", SUPPORT_EFFECTS),
        acts=_acts(cues),
        standins=_pairs(folder / "standins.tsv", "noun", "sort", STANDIN_SORTS),
        offices=tuple(o for row in read(folder / "offices.tsv", OFFICE_COLUMNS) for o in _offices(row)),
        dates=_senses(folder / "dates.tsv", "value", DATE_SORTS),
        references=_senses(folder / "reference.tsv", "kind", REFERENCE_SORTS),
        topics=_topics(vetoes),
        idle=Terms({w for row in vetoes if row["sort"].endswith("!") for w in row.choices("pattern")}),
        boilerplate=tuple(_regex(row) for row in vetoes if row["sort"] == "boilerplate"),
        prepositions=frozenset(s for c in cues for s in (*c.subject, *c.object) if s not in SLOTS),
    )


NAME_COLUMNS = ("form", "actor", "sort", "case", "needs", "avoid", "from", "to")
CUE_COLUMNS = ("relation", "pos", "head", "needs", "subject", "object")
OFFICE_COLUMNS = ("form", "relation", "office")
SLOTS = frozenset(
    {"agent", "patient", "recipient", "poss", "self", "parties", "complement", "inner", "governor", "pair"}
)


def _scheme(name: str) -> dict[str, str]:
    return {row["label"]: row["role"] for row in read(FOLDER / "schemes" / f"{name}.tsv", ["label", "role"])}


def _voice(settings: Mapping[str, Any]) -> Voice:
    no_passive, prefixes = tuple(settings["no_passive"]), tuple(settings["prefixes"])
    return Voice(settings["passive"], no_passive, settings["active"], prefixes, settings["short"])


def _name(row: Row) -> Name:
    actor = row["actor"]
    if actor != "-":
        check_actor(actor, row)
    sort = row["sort"] if actor == "-" else row.one_of("sort", SORTS)
    return Name(
        row["form"],
        None if actor == "-" else actor,
        sort,
        row["case"] != "any",
        row.choices("needs"),
        row.choices("avoid"),
        int(row["from"][:4]) if row["from"] else None,
        int(row["to"][:4]) if row["to"] else None,
    )


def check_actor(actor: str, row: Row) -> str:
    """Return an actor id that is well formed (kind:name), or raise TableError at the row."""
    kind, colon, name = actor.partition(":")
    if not (colon and name) or kind not in ontology.load().kinds:
        raise row.error(f"{actor!r} is no actor id", f"write kind:name with kind {', '.join(ontology.load().kinds)}")
    return actor


def _words(values: tuple[str, ...], classes: Mapping[str, frozenset[str]], row: Row) -> frozenset[str]:
    words: set[str] = set()
    for value in values:
        if value.startswith("@"):
            if value[1:] not in classes:
                raise row.error(f"no class {value}", nearest(value[1:], list(classes)))
            words |= classes[value[1:]]
        else:
            words.add(value)
    return frozenset(words)


def _cue(row: Row, code: str, classes: Mapping[str, frozenset[str]]) -> Cue:
    relation = row.one_of("relation", list(ontology.load().relations))
    pos = row.one_of("pos", POS)
    needs = []
    for part in filter(None, (p.strip() for p in row["needs"].split(";"))):
        role, _, words = part.lstrip("!").partition("=")
        choices = tuple(w.strip() for w in words.split("|") if w.strip())
        joined = role.strip().split(",")
        if len(joined) > 1 and not ROLES.isdisjoint(set(joined) - {"near"}):
            raise row.error(f"{role} joins a role with prepositions", "only prepositions can be joined by a comma")
        needs.append(Condition(role.strip(), _words(choices, classes, row), part.startswith("!")))
    heads: list[tuple[str, ...]] = []
    for head in row.choices("head"):
        heads.extend(tuple(word.split()) for word in sorted(_words((head,), classes, row)))
    if not heads:
        raise row.error("a cue needs a head")
    subject = row.choices("subject")
    if not subject:
        raise row.error("a cue needs a subject", "write agent, patient, self, parties or a preposition")
    frame = "\t".join(row[c] for c in ("head", "needs", "subject", "object"))
    ident = f"{code}/{relation}/{pos}/{' '.join(heads[0])}#{sha256(frame.encode()).hexdigest()[:6]}"
    return Cue(
        ident, relation, pos, tuple(heads), tuple(needs), subject, row.choices("object"),
        row.one_of("factuality", EFFECTS[1:]) if row.get("factuality") else "certain",
    )  # fmt: skip


def _acts(cues: tuple[Cue, ...]) -> dict[str, frozenset[str]]:
    """Return noun → the relations that it names by itself, as "attack" names attacks."""
    found: dict[str, set[str]] = {}
    for cue in cues:
        if cue.pos == "noun":
            for head in cue.heads:
                if len(head) == 1:
                    found.setdefault(head[0], set()).add(cue.relation)
    return {word: frozenset(relations) for word, relations in found.items()}


def _embeddings(path: Path) -> dict[str, tuple[Embedding, ...]]:
    found: dict[str, list[Embedding]] = {}
    for row in read(path, ["head", "effect", "scope", "speaker"]):
        embedding = Embedding(row.one_of("effect", EFFECTS), frozenset(row.choices("scope")), row["speaker"] or None)
        for head in row.choices("head"):
            found.setdefault(head, []).append(embedding)
    return {head: tuple(rows) for head, rows in found.items()}


def _pairs(path: Path, key: str, value: str, allowed: Sequence[str]) -> dict[str, str]:
    return {form: row.one_of(value, allowed) for row in read(path, [key, value]) for form in row.choices(key)}


def _senses(path: Path, value: str, sorts: Sequence[str]) -> Senses:
    found: dict[str, list[tuple[str, str]]] = {}
    for row in read(path, ["form", "sort", value]):
        sense = row.one_of("sort", sorts), row[value]
        for form in row.choices("form"):
            found.setdefault(form, []).append(sense)
    return Senses({form: tuple(senses) for form, senses in found.items()})


def _offices(row: Row) -> list[Office]:
    relation = row.one_of("relation", ["-", "acts_for", "counterpart", *ontology.load().relations])
    return [
        Office(tuple(form.lower().split()), None if relation == "-" else relation, row["office"])
        for form in row.choices("form")
    ]


def _topics(rows: list[Row]) -> dict[str, Terms]:
    found: dict[str, set[str]] = {}
    for row in rows:
        if row["sort"] != "boilerplate":
            found.setdefault(row["sort"].rstrip("!"), set()).update(row.choices("pattern"))
    return {sort: Terms(words) for sort, words in found.items()}


def _regex(row: Row) -> re.Pattern[str]:
    try:
        return re.compile(row["pattern"], re.IGNORECASE)
    except re.error as error:
        raise row.error(f"pattern {row['pattern']!r} is no regular expression ({error})") from None
