"""Who speaks by a reporting word: its subject, an official of a capital, whoever issued "the statement"."""

from collections.abc import Iterator
from functools import cache
from itertools import takewhile

from kgraph.extract.roles import Roles
from kgraph.extract.sentence import Sentence
from kgraph.language import Embedding
from kgraph.language import load as load_language
from kgraph.model import Mention

__all__ = ["BREAKS", "STANDING_IN", "behind", "reports", "speaking", "voice_of", "voices"]

BREAKS = (",", '"', "”", "»", "’", "'")  # after which a report may be inserted
NO_VOICE = ("former", "candidate", "designate")  # offices of the tables whose holders speak for no state
STANDING_IN = ("body", "force", "person")  # sorts of stand-ins that may speak


def reports(sentence: Sentence, i: int) -> bool:
    """Tell whether a word reports what the actor of its own clause says: "says", "has it", "puts it"."""
    roles, code = sentence.roles, sentence.language.code
    alone, together = _reporting(code)
    words = roles.words(i)
    if not alone.isdisjoint(words):
        return True
    return any(
        roles.lower[c] in together.get(word, ()) for word in words for c in roles.of(i, "object") if word in together
    )


@cache
def _reporting(code: str) -> tuple[frozenset[str], dict[str, frozenset[str]]]:
    """Return the words of a language that report by themselves, and those that do so with an object."""
    forms = [form for form, rows in load_language(code).embeddings.items() if any(_of_agent(row) for row in rows)]
    pairs = [tuple(form.split()) for form in forms if form.count(" ") == 1]
    together = {verb: frozenset(other for first, other in pairs if first == verb) for verb, _ in pairs}
    return frozenset(form for form in forms if " " not in form), together


def _of_agent(row: Embedding) -> bool:
    return row.effect == "report" and row.speaker in ("agent", "announcer")


def speaking(roles: Roles, verb: int) -> list[int]:
    """Return the tokens of who speaks by a reporting word, the likeliest first.

    That is its agent, but after a comma the noun that follows: "X, said Y, had left", "X had left, said Y".
    """
    agents = roles.agents(verb)
    if not verb or roles.lower[verb - 1] not in BREAKS or (agents and agents[0] > verb):
        return agents
    tokens = roles.tokens
    after = next((t.i for t in tokens[verb + 1 : verb + 4] if t.pos_ not in ("DET", "ADJ", "ADV")), verb)
    if after == verb or tokens[after].pos_ not in ("NOUN", "PROPN"):
        return agents
    while after < roles.head[after] and tokens[roles.head[after]].pos_ in ("NOUN", "PROPN"):
        after = roles.head[after]  # "the Kenyan president"
    end = tokens[after].right_edge.i
    closed = not {",", "."}.isdisjoint(roles.lower[end : end + 2])
    told = any(c > after for c in roles.of(verb, "complement")) and not closed
    return agents if told else [after, *agents]


def voices(sentence: Sentence, verb: int) -> Iterator[Mention]:
    """Yield who may speak by a reporting word: its subject, or whom the "-nya" of "katanya" means."""
    agents = speaking(sentence.roles, verb)
    for agent in agents:
        voice = voice_of(sentence, agent)
        if voice is not None:
            yield voice
    if not agents and sentence.suffix_reference(verb) is not None:
        spoke = behind(sentence)
        if spoke is not None:
            yield spoke


def voice_of(sentence: Sentence, token: int) -> Mention | None:
    """Return the actor for whom a noun speaks; officials speak for the capital they sit in, a statement for its issuer.

    Who is out of office speaks for nobody.
    """
    roles, words = sentence.roles, sentence.language.words
    if _out_of_office(sentence, token):
        return None
    if roles.lower[token] in words["pronoun"] and _after_quote(sentence, token):
        return behind(sentence)  # "“X attacked Y,” it added": not X
    if token in sentence.references and (employer := _employer(sentence, token)) is not None:
        return employer  # "the army in Khartoum"
    strict = not sentence.language.unlisted_stand_in  # "the Confederation of Indian Industry" does not speak for India
    for filler in sentence.actors_at(token, expand=False, strict=strict):
        return filler.mention
    if token in sentence.references:
        first, last, _, kind = sentence.references[token]
        if kind == "person" and last == first + 1:  # "he", not "the minister"
            return behind(sentence)
    employer = _employer(sentence, token)
    if employer is not None:
        return employer
    if not roles.is_verb(token) and reports(sentence, token):  # "a report by the army says"
        by = roles.obliques(token, *words["agent"], *words["possessing"])
        named = (f.mention for a in [*roles.agents(token), *by] for f in sentence.actors_at(a, expand=False))
        return next(named, None) or _seat(sentence, token) or _issuer(sentence, token)
    return None


def _employer(sentence: Sentence, token: int) -> Mention | None:
    """Return for whom an official speaks: "a spokesman for the ministry", "an aide to X", "an official in Kabul"."""
    roles, words = sentence.roles, sentence.language.words
    if sentence.sort_of(token) not in STANDING_IN or not words["posted"].isdisjoint(roles.words(token)):
        return None
    for c in [
        *roles.obliques(token, *words["of"], *words["dative"]),
        *(p for m in roles.of(token, "modifier") for p in roles.of(m, "possessor")),  # "NATO's secretary-general"
    ]:
        for filler in sentence.actors_at(c, expand=False, strict=True):
            return filler.mention
    return _seat(sentence, token)


def _seat(sentence: Sentence, token: int) -> Mention | None:
    """Return the state in whose capital somebody speaks: "an official in Kabul", "the word in Kabul"."""
    roles = sentence.roles
    near = roles.lower[token + 1 : token + 2]  # "in" of "said an official in Kabul", which may hang on "said"
    beside = [c for c in roles.of(roles.head[token], "oblique") if [roles.marker[c]] == near]
    for c in [*roles.of(token, "oblique", "possessor"), *beside]:
        mention = sentence.at.get(c)
        if mention is not None and mention.sort in ("capital", "seat"):
            return mention
    return None


def _issuer(sentence: Sentence, token: int) -> Mention | None:
    """Return who issued what is only called "the statement": who spoke, or was the subject, before."""
    roles, words = sentence.roles, sentence.language.words
    beside = {roles.lower[c] for c in roles.children[token]}
    if words["issued"].isdisjoint(roles.words(token)) or words["demonstrative"].isdisjoint(beside):
        return None
    return behind(sentence)


def _out_of_office(sentence: Sentence, token: int) -> bool:
    """Tell whether a word before a title says that its holder is not, not yet or no longer in office."""
    first = max(token - 3, sentence.roles.tokens[token].left_edge.i)
    return any(
        office.relation is None and office.office in NO_VOICE
        for i in range(first, token + 1)
        for office in sentence.language.titles.get(sentence.roles.lower[i], ())
        if tuple(sentence.roles.lower[i : i + len(office.form)]) == office.form
    )


def _after_quote(sentence: Sentence, token: int) -> bool:
    """Tell whether something is quoted in a sentence before a token."""
    place = sentence.start + sentence.roles.tokens[token].idx
    return any(sentence.start < end <= place for _, end in sentence.history.quoted)


def behind(sentence: Sentence) -> Mention | None:
    """Return who spoke, else was the subject, else was named first in the sentence before: for a bare "he said"."""
    before = (p for p in sentence.history.before(sentence.start) if not sentence.history.in_quote(p.mention))
    nearest = next(before, None)
    if nearest is None:
        return None
    last = [nearest, *takewhile(lambda p: p.sentence == nearest.sentence, before)]
    spoke = sentence.history.speaker
    if spoke is not None and any(p.mention.start == spoke.start for p in last):
        return spoke
    return min(last, key=lambda p: (not p.subject, p.mention.start)).mention
