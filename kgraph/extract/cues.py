"""The compiled cue tables: which cues a token may head, and whether their conditions hold."""

from collections import defaultdict
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import NamedTuple

from kgraph.extract.roles import Roles
from kgraph.language import ROLES, Condition, Cue, Language
from kgraph.language import load as load_language

__all__ = ["CueIndex", "CueMatch", "load"]

POS = {
    "verb": frozenset({"VERB", "AUX", "NOUN", "ADJ", "PROPN"}),
    "noun": frozenset({"NOUN", "PROPN", "VERB", "ADJ"}),
    "adj": frozenset({"ADJ", "VERB", "NOUN", "ADV", "PROPN"}),
}
REACH = 8  # tokens between the words of a cue that a parse has torn apart


@dataclass(frozen=True, slots=True)
class CueMatch:
    """A cue found in a sentence: its head token and all tokens that belong to it.

    It is `loose` if its words stand together but not in the roles that its frame wants, as where a parser erred.
    """

    cue: Cue
    head: int
    tokens: frozenset[int]
    needed: tuple[int, ...]
    support: int | None = None
    loose: bool = False


class _Entry(NamedTuple):
    """A cue by the first word of a head; of each of the sets of words a sentence must have one."""

    number: int
    cue: Cue
    head: tuple[str, ...]
    asked: tuple[frozenset[str], ...]


class CueIndex:
    """The cues of a language by the first word of their heads and one that must stand with it, "" where none must."""

    def __init__(self, language: Language) -> None:
        """Index the cues."""
        self.language = language
        self._by_words: dict[str, dict[str, list[_Entry]]] = defaultdict(lambda: defaultdict(list))
        number = 0
        for cue in language.cues:
            asked = _asked(cue.needs)
            for head in cue.heads:
                rest = [frozenset([word]) for word in head[1:]]
                first, *others = sorted((*rest, *asked), key=len) or [frozenset([""])]
                entry = _Entry(number, cue, head, tuple(others))
                for word in first:
                    self._by_words[head[0]][word].append(entry)
                number += 1

    def opened(self, present: frozenset[str], free: frozenset[str] | None = None) -> Iterator["_Entry"]:
        """Yield the cues that words may open, if given only the free ones, and whose other words are all present.

        Those that the same word opens come in the order of the table.
        """
        anywhere = present | {""}
        for word in (present if free is None else free) & self._by_words.keys():
            beside = self._by_words[word]
            found = [beside[other] for other in anywhere & beside.keys()]
            if len(found) > 1:
                several = {entry.number: entry for entries in found for entry in entries}
                found = [[several[number] for number in sorted(several)]]
            for entry in chain.from_iterable(found):
                for words in entry.asked:
                    if words.isdisjoint(present):
                        break
                else:
                    yield entry

    def find(self, roles: Roles, relations: Container[str] | None = None) -> Iterator[CueMatch]:
        """Yield the cues in a parsed sentence whose conditions hold, if given only those of some relations."""
        possible: dict[str, list[_Entry]] = defaultdict(list)
        for entry in self.opened(roles.present):
            if relations is None or entry.cue.relation in relations:
                possible[entry.head[0]].append(entry)
        for i in range(len(roles.tokens)):
            seen: set[str] = set()
            for word in roles.words(i):
                for entry in possible.get(word, ()):
                    if entry.cue.id not in seen:
                        match = self._match(roles, i, entry.cue, entry.head)
                        if match is not None:
                            seen.add(entry.cue.id)
                            yield match

    def _match(self, roles: Roles, i: int, cue: Cue, head: tuple[str, ...]) -> CueMatch | None:
        token = roles.tokens[i]
        loose = False
        if cue.pos == "phrase":
            tokens = self._sequence(roles, i, head)
            if tokens is None:
                return None
            top = next((t for t in tokens if roles.head[t] not in tokens or roles.head[t] == t), tokens[0])
        else:
            if token.pos_ not in POS[cue.pos]:
                return None
            if cue.pos == "verb" and token.pos_ in ("NOUN", "PROPN") and not roles.is_verb(i):
                if not any(c.words for c in cue.needs if not c.forbidden):
                    return None
                loose = True
            if cue.pos == "noun" and token.pos_ == "VERB" and (token.lower_ != head[0] or roles.of(i, "subject")):
                return None
            tokens = [i]
            if len(head) > 1:
                rest = self._particles(roles, i, head[1:])
                if rest is None:
                    return None
                tokens += rest
            top = i
        needed: list[int] = []
        for condition in cue.needs:
            found = self._condition(roles, top, frozenset([*tokens, *needed]), condition)
            if condition.forbidden:
                if any(not condition.words or roles.tokens[f].pos_ != "PROPN" for f in found):  # not the Forum
                    return None
                continue
            if not found:
                found = self._nearby(roles, tokens, condition)
                if not found:
                    return None
                loose = True
            if condition.words and condition.role not in ("near", "prt"):
                alike = frozenset(roles.coordinated(found[0]))  # "French radars and Indian howitzers"
                needed += [f for f in found if f in alike]
        return CueMatch(cue, top, frozenset([*tokens, *needed]), tuple(needed), self._support(roles, top, cue), loose)

    def _nearby(self, roles: Roles, tokens: Sequence[int], condition: Condition) -> list[int]:
        """Return a token close to a cue that would meet a condition if it stood in its role."""
        if condition.role in ("near", "prt", "self", "poss", "governor"):
            return []
        first, last = min(tokens), max(tokens)
        after = range(last + 1, min(last + REACH, len(roles.doc)))
        if not condition.words:
            if condition.role in ROLES:
                return []
            markers = {marker.split(" ")[-1] for marker in condition.role.split(",")}
            return [k for k in after if roles.lower[k] in markers][:1]
        before = range(first - 1, max(first - REACH, -1), -1)
        reach = [*before, *after] if condition.role in ("agent", "any") or roles.passive(last) else after
        return [k for k in reach if k not in tokens and _meets(roles, k, condition.words)][:1]

    def _sequence(self, roles: Roles, i: int, head: tuple[str, ...]) -> list[int] | None:
        tokens = []
        j = i
        for word in head:
            while j < len(roles.doc) and j > i and roles.tokens[j].text == "-" and word != "-":
                j += 1
            if j >= len(roles.doc) or word not in roles.words(j):
                return None
            tokens.append(j)
            j += 1
        return tokens

    def _particles(self, roles: Roles, i: int, words: tuple[str, ...]) -> list[int] | None:
        """Find the rest of "pull out" or "turn off": next to the verb, or hanging on it."""
        out: list[int] = []
        for word in words:
            place = next(
                (
                    c
                    for c in [*roles.children[i], *range(i + 1, min(i + 4, len(roles.doc)))]
                    if c > i and word in roles.words(c) and c not in out and not self._behind(roles, i, c)
                ),
                None,
            )
            if place is None:
                return None
            out.append(place)
        return out

    def _behind(self, roles: Roles, verb: int, particle: int) -> bool:
        """Tell whether a preposition stands behind a verb's object and before a name: "took Goma on Sunday"."""
        word = roles.lower[particle]
        under = [c for c in roles.of(verb, "oblique") if roles.marker[c] == word]
        named = any(roles.tokens[c].pos_ in ("PROPN", "NUM") or roles.of(c, "number") for c in under)
        behind = any(verb < o < particle for o in roles.of(verb, "object"))
        return behind and named and roles.role[particle] == "case"

    def _condition(self, roles: Roles, top: int, tokens: frozenset[int], condition: Condition) -> list[int]:
        """Return the tokens that meet a condition."""
        role, words = condition.role, condition.words
        if words and _absent(words, roles.present):
            return []
        if role == "near":
            return [i for i in range(len(roles.doc)) if i not in tokens and _meets(roles, i, words)]
        if role == "prt":
            return [c for c in roles.children[top] if roles.lower[c] in words and not self._behind(roles, top, c)]
        found: list[int] = []
        for token in sorted(tokens):
            if role == "agent":
                found += roles.agents(token)
            elif role == "patient":
                found += [*roles.patients(token), *roles.of(token, "object"), *roles.bare(token)]
                found += [] if token == top else roles.behind_particle((top, token))
            elif role == "recipient":
                found += roles.of(token, "recipient")
            elif role == "poss":
                found += roles.of(token, "possessor", "modifier")
            elif role == "self":
                found += roles.described(token)
            elif role == "complement":
                found += roles.of(token, "complement")
                found += [c for c in roles.of(token, "adverbial") if roles.is_verb(c) and not roles.reason(c)]
                found += [c for c in roles.of(token, "participle", "relative") if roles.purpose(c)]  # "bid to join"
            elif role == "infinitive":
                found += [c for c in roles.of(token, "complement", "adverbial") if roles.purpose(c)]
            elif role == "any":
                found += roles.children[token]
            elif role == "governor":
                found += [h for h in (roles.head[token],) if h not in tokens]
            else:
                found += roles.obliques(token, *role.split(","))
        found += [
            c
            for f in found
            if roles.of(f, "number") or roles.lemma(f) in roles.known["one"]
            for c in roles.obliques(f, *roles.known["of"])
        ]  # "tons of aid", "part of the debt"
        expanded = [c for f in dict.fromkeys(found) for c in roles.coordinated(f)]
        if not words:
            return expanded
        return [c for c in expanded if _meets(roles, c, words)]

    def _support(self, roles: Roles, top: int, cue: Cue) -> int | None:
        """Return the light verb that governs a noun cue ("held talks", "engaged in talks")."""
        if cue.pos not in ("noun", "phrase"):
            return None
        first = top
        while roles.role[first] == "coordinate" and not roles.is_verb(roles.head[first]):
            first = roles.head[first]
        verb = roles.head[first]
        if verb == first or not roles.is_verb(verb):
            return None
        if roles.role[first] in ("object", "subject-passive", "predicate") or (
            roles.role[first] == "oblique" and roles.marker[first] in self.language.words["involved"]
        ):
            particle = [roles.lower[c] for c in roles.of(verb, "particle")]
            for word in roles.words(verb):
                if word in self.language.support or any(f"{word} {p}" in self.language.support for p in particle):
                    return verb
        return None


def _asked(needs: tuple[Condition, ...]) -> tuple[frozenset[str], ...]:
    """Return sets of words of each of which a sentence must have one for the conditions to hold."""
    asked = [_last(condition.words) for condition in needs if not condition.forbidden and condition.words]
    markers = [c.role for c in needs if not c.forbidden and c.role not in ROLES]
    asked += [frozenset(marker.split(" ")[-1] for marker in some.split(",")) for some in markers]
    return tuple(asked)


@cache
def _last(words: frozenset[str]) -> frozenset[str]:
    """Return the entries and the last tokens of those that are several."""
    return words | {parts[-1] for several in _split(words)[1].values() for parts in several}


def _absent(words: frozenset[str], present: frozenset[str]) -> bool:
    """Tell whether no token of a sentence can meet what asks for some words."""
    single, several = _split(words)
    return single.isdisjoint(present) and several.keys().isdisjoint(present)


def _meets(roles: Roles, i: int, words: frozenset[str]) -> bool:
    """Tell whether a token is one of the words, or the last or first of several that make up one of them."""
    single, several = _split(words)
    here = roles.words(i)
    if not single.isdisjoint(here):
        return True
    if several.keys().isdisjoint(here):
        return False
    return any(_stands(roles, i, parts) for word in here for parts in several.get(word, ()))


def _stands(roles: Roles, i: int, parts: tuple[str, ...]) -> bool:
    """Tell whether several words stand where a token is their last ("asset freeze") or first ("pembekuan aset")."""
    if len(parts) == 1:
        return True
    return any(
        0 <= first <= len(roles.tokens) - len(parts) and all(p in roles.words(first + n) for n, p in enumerate(parts))
        for first in (i - len(parts) + 1, i)
    )


@cache
def _split(words: frozenset[str]) -> tuple[frozenset[str], dict[str, tuple[tuple[str, ...], ...]]]:
    """Return the entries that are one token, and the tokens of the others by their first and last, or as one word."""
    tokens = {w: tuple((w.replace("-", " - ") if "-" in w[1:-1] else w).split()) for w in words}
    single = frozenset(word for word, parts in tokens.items() if parts == (word,))
    several: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for word, parts in tokens.items():
        if word not in single:
            several[parts[0]].add(parts)
            several[parts[-1]].add(parts)
            several[word].add((word,))
    return single, {word: tuple(sorted(found)) for word, found in several.items()}


@cache
def load(code: str) -> CueIndex:
    """Return the cue index of a language."""
    return CueIndex(load_language(code))
