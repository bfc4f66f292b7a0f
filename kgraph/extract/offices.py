"""Titles and names that stand together: who is president, minister or secretary-general of what.

"Ukraine's interim prime minister, X", "Presiden Rusia X", "X, president of Turkey": adjacency is what these have in
common in both languages, so they are read off the tokens and need no parse.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc

from kgraph import ontology
from kgraph.actors.gazetteer import people
from kgraph.actors.names import slug
from kgraph.language import Language, Office
from kgraph.model import Mention

__all__ = ["OfficeMention", "find", "statement"]

GLUE = frozenset({"'s", "’s", "'", "’"})
NAME_WORDS = frozenset(
    {"al", "bin", "binti", "ibn", "van", "von", "der", "de", "da", "dos", "el", "la", "abu", "-", "'", "’"}
)


@dataclass(frozen=True, slots=True)
class OfficeMention:
    """A title in a sentence with who holds it, if named, and of what, if told. Places are token numbers."""

    office: Office
    title: tuple[int, int]
    of: Mention | None
    person: str | None
    person_tokens: tuple[int, int] | None


Referents = Callable[[int], Sequence[Mention]]


def find(
    doc: Doc, mentions: Mapping[int, Mention], language: Language, known: Sequence[Mention], referents: Referents
) -> list[OfficeMention]:
    """Return the offices in a parsed sentence.

    `mentions` gives the mention that covers a token; `known` are all mentions of the document, since a title alone
    counts where the document tells of which country; `referents` the readings of a reference such as "its", best first.
    """
    lowered = [t.lower_ for t in doc]
    out = []
    i = 0
    titles = language.titles
    while i < len(lowered):
        if lowered[i] not in titles or i in mentions:
            i += 1
            continue
        fitting = [o for o in titles[lowered[i]] if tuple(lowered[i : i + len(o.form)]) == o.form]
        if not fitting:
            i += 1
            continue
        office = max(fitting, key=lambda o: len(o.form))
        end = i + len(office.form)
        if office.relation is not None and not _vetoed(lowered, i, titles, language.words):
            out.append(_read(doc, i, end, office, mentions, known, language, referents))
        i = end
    return out


def _vetoed(
    lowered: Sequence[str],
    i: int,
    titles: Mapping[str, Sequence[Office]],
    words: Mapping[str, frozenset[str]],
) -> bool:
    """Tell whether a word such as "former" stands before the title, or it is one to come ("will be president")."""
    to_come = (lowered[k - 1] in words["future"] and lowered[k] in words["linking"] for k in range(max(1, i - 3), i))
    return any(to_come) or any(
        office.relation is None and len(office.form) == 1
        for word in lowered[max(0, i - 3) : i]
        for office in titles.get(word, ())
    )


def _read(
    doc: Doc,
    start: int,
    end: int,
    office: Office,
    mentions: Mapping[int, Mention],
    known: Sequence[Mention],
    language: Language,
    referents: Referents,
) -> OfficeMention:
    of, words = None, language.words
    j = start - 1
    while j >= 0 and (
        doc[j].lower_ in GLUE
        or doc[j].lower_ in words["article"]
        or (doc[j].pos_ in ("ADJ", "VERB", "NOUN") and j not in mentions and start - j <= 3)
    ):
        j -= 1
    left = j
    if j >= 0 and j in mentions and mentions[j].agent is None:
        while left >= 0 and mentions.get(left) == mentions[j]:
            left -= 1
        of = _fitting(office, [mentions[j], *referents(j)])
    else:
        left = start - 1
    k = end
    if of is None:
        m = k
        while m < len(doc) and doc[m].lower_ in words["of"] | words["article"] | words["formal_name"]:
            m += 1
        if m in mentions and mentions[m].agent is None and (m > k or language.bare_possessor):
            of = _fitting(office, [mentions[m], *referents(m)])
            named = mentions[m]
            while mentions.get(m) == named:
                m += 1
            k = m
    person, tokens = _person_right(doc, k, mentions)
    if person is None and of is not None:
        person, tokens = _person_left(doc, left, mentions, words)
    if person is None:
        person, tokens = _person_left(doc, left, mentions, words)
    if person is None and of is not None:
        person, tokens = _named_elsewhere(office, of, known), (start, end)
    if person is not None and of is None:
        of = _told(person, office, known)
    return OfficeMention(office, (start, end), of, person, tokens)


def _fitting(office: Office, readings: Sequence[Mention]) -> Mention:
    """Return the first of what a name or reference may mean that can have such an office, else the first of all."""
    relation = ontology.load().relations.get(str(office.relation))
    fitting = [m for m in readings if relation and ontology.kind_of(m.actor) in relation.object_kinds]
    return fitting[0] if fitting else readings[0]


def _person_right(doc: Doc, k: int, mentions: Mapping[int, Mention]) -> tuple[str | None, tuple[int, int] | None]:
    if k < len(doc) and doc[k].text == ",":
        k += 1
    return _person_at(doc, k, mentions)


def _person_left(
    doc: Doc, j: int, mentions: Mapping[int, Mention], words: Mapping[str, frozenset[str]]
) -> tuple[str | None, tuple[int, int] | None]:
    while j >= 0 and doc[j].lower_ in words["article"]:
        j -= 1
    if j < 0 or doc[j].text not in (",", "("):
        return None, None
    end = j
    begin = end
    if begin and (mention := mentions.get(begin - 1)) is not None:
        while begin > 0 and mentions.get(begin - 1) == mention:
            begin -= 1
        return _person_at(doc, begin, mentions, stop=end)
    while begin > 0 and _is_name(doc, begin - 1, mentions):
        begin -= 1
    return _person_at(doc, begin, mentions, stop=end)


def _person_at(
    doc: Doc, k: int, mentions: Mapping[int, Mention], stop: int | None = None
) -> tuple[str | None, tuple[int, int] | None]:
    if k >= len(doc):
        return None, None
    mention = mentions.get(k)
    if mention is not None:
        who = mention.agent or (mention.actor if mention.actor.startswith("person:") else None)
        if who is None:
            return None, None
        end = k
        while mentions.get(end) == mention:
            end += 1
        return who, (k, end)
    end = k
    while end < (stop or len(doc)) and _is_name(doc, end, mentions):
        end += 1
    words = [t.text for t in doc[k:end]]
    if len(words) < 2 or words[0].lower() in NAME_WORDS or words[-1].lower() in NAME_WORDS:
        return None, None
    return f"person:{slug(doc[k:end].text)}", (k, end)


def _is_name(doc: Doc, i: int, mentions: Mapping[int, Mention]) -> bool:
    token = doc[i]
    if i in mentions:
        return False
    if token.lower_ in NAME_WORDS:
        return 0 < i < len(doc) - 1 and (doc[i - 1].text[:1].isupper() or doc[i + 1].text[:1].isupper())
    return token.text[:1].isupper() and token.is_alpha


def _named_elsewhere(office: Office, of: Mention, known: Sequence[Mention]) -> str | None:
    """Return the person whom the document names and who holds an office ("the Ukrainian president")."""
    named = {m.agent for m in known if m.agent is not None and m.actor == of.actor}
    holders = [
        who
        for who in sorted(named)
        if who in people() and any(t.relation == office.relation and t.of == of.actor for t in people()[who].terms)
    ]
    return holders[0] if len(holders) == 1 else None


def _told(person: str, office: Office, known: Sequence[Mention]) -> Mention | None:
    """Return the actor whose office a known person holds, if the document names it."""
    record = people().get(person)
    if record is None:
        return None
    for term in record.terms:
        if term.relation == office.relation:
            for mention in known:
                if mention.actor == term.of and mention.agent is None:
                    return mention
    return None


def statement(title: OfficeMention) -> tuple[str, str] | None:
    """Return the relation and the person of a title that names its holder and what it is an office of."""
    if title.person is None or title.of is None:
        return None
    relation = str(title.office.relation)
    if relation == "acts_for":
        return None
    if not title.of.actor.startswith("country:") and relation != "leads":
        relation = "leads"
    known = ontology.load().relations.get(relation)
    return (relation, title.person) if known and known.allows(title.person, title.of.actor) else None
