"""Titles and names that stand together: who is president, minister or secretary-general of what.

"Ukraine's interim prime minister, X", "Presiden Rusia X", "X, president of Turkey": adjacency is what these have in
common in both languages, so they are read off the tokens and need no parse. Titles in the plural hold as many names as
states: "the presidents of Uganda and Rwanda, X and Y".
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from kgraph import ontology
from kgraph.actors.gazetteer import people
from kgraph.actors.names import slug
from kgraph.extract.roles import Roles
from kgraph.extract.sentence import Sentence
from kgraph.language import Office
from kgraph.model import Mention

__all__ = ["OfficeMention", "find", "statement"]


@dataclass(frozen=True, slots=True)
class OfficeMention:
    """A title in a sentence with who holds it, if named, and of what, if told. Places are token numbers."""

    office: Office
    title: tuple[int, int]
    of: Mention | None
    person: str | None
    person_tokens: tuple[int, int] | None


_Holder = tuple[str, tuple[int, int]]  # a person, and the tokens that name it
_Owner = tuple[int, Mention]  # a token at which a state or organisation is named


def find(sentence: Sentence, known: Sequence[Mention]) -> list[OfficeMention]:
    """Return the offices in a sentence.

    `known` are all mentions of the document, since a title alone counts where the document tells of which country.
    """
    roles, words = sentence.roles, sentence.language.titles
    if words.keys().isdisjoint(roles.present):
        return []
    titles = _Titles(sentence, known)
    out: list[OfficeMention] = []
    i = 0
    while i < len(roles.tokens):
        office = titles.at(i)
        if office is not None and titles.named(i):
            office = None
        end = i + (1 if office is None else len(office.form))
        if office is not None and office.relation is not None and not titles.vetoed(i):
            out += titles.read(i, end, office, out)
        i = end
    return out


class _Titles:
    """The titles of a sentence, and the names and states around them."""

    def __init__(self, sentence: Sentence, known: Sequence[Mention]) -> None:
        self.sentence, self.known = sentence, known
        self.roles, self.language, self.words = sentence.roles, sentence.language, sentence.language.words
        self.doc, self.lowered = sentence.doc, sentence.roles.lower
        self.referents = sentence.referents

    @cached_property
    def mentions(self) -> Mapping[int, Mention]:
        """Return the mention at each token, references included."""
        return self.sentence.named()

    def named(self, i: int) -> bool:
        """Tell whether an actor is named at a token, references included."""
        return i in self.sentence.at or (i in self.sentence.references and i in self.mentions)

    def at(self, i: int) -> Office | None:
        """Return the longest title that begins at a token; its last word may be plural or have a suffix."""
        titles = self.language.titles
        words = [word for word in self.roles.words(i) if word in titles]
        if not words:
            return None
        here = _titled(self.roles, i)
        fitting = [o for word in words if word in here for o in titles[word] if self._stands(o.form, i)]
        return max(fitting, key=lambda o: len(o.form), default=None)

    def _stands(self, form: tuple[str, ...], i: int) -> bool:
        last = i + len(form) - 1
        return (
            last < len(self.lowered)
            and tuple(self.lowered[i:last]) == form[:-1]
            and form[-1] in _titled(self.roles, last)
        )

    def vetoed(self, i: int) -> bool:
        """Tell whether a word such as "former" stands before the title, or it is one to come ("will be president")."""
        lowered, words = self.lowered, self.words
        to_come = (
            lowered[k - 1] in words["future"] and lowered[k] in words["linking"] for k in range(max(1, i - 3), i)
        )
        return any(to_come) or any(
            office.relation is None and len(office.form) == 1
            for word in lowered[max(0, i - 3) : i]
            for office in self.language.titles.get(word, ())
        )

    def read(self, start: int, end: int, office: Office, before: Sequence[OfficeMention]) -> Iterator[OfficeMention]:
        """Yield who holds the office of a title, and of what; `before` are the offices told before in the sentence."""
        title = start, end
        left, right, owners = self._owners(start, end, office)
        shared = list(self._each_of(right)) if not owners else []  # "presidents X of Uganda and Y of Rwanda"
        holders = self._holders(right)
        if not shared and len(holders) == len(owners) > 1:
            shared = [(holder, of) for holder, (_, of) in zip(holders, owners, strict=True)]
        nearest = None if not owners else owners[-1] if right == end else owners[0]
        of = None if nearest is None else _fitting(office, [nearest[1], *self.referents(nearest[0])])
        if not shared and len(holders) > 1 and (of is None or of.sort == "reference"):  # "their presidents, X and Y"
            told = [(holder, state) for holder in holders if (state := self._told(holder[0], office)) is not None]
            shared = told if len(told) == len(holders) else []
        for one, state in shared:
            yield OfficeMention(self._same(office, one[0], state, before), title, state, *one)
        if shared:
            return
        holder = holders[0] if holders else self._holder_before(left)
        if holder is None and of is not None and (person := self._named_elsewhere(office, of)) is not None:
            holder = person, title
        if holder is None:
            yield OfficeMention(office, title, of, None, None)
            return
        if of is None or of.sort == "reference":
            first, last = holder[1]
            named = last - first > 1  # "King Hussein" alone tells of no country
            of = (self._told(holder[0], office) if named else None) or of or self._in_name(holder)
        yield OfficeMention(self._same(office, holder[0], of, before), title, of, *holder)

    def _owners(self, start: int, end: int, office: Office) -> tuple[int, int, list[_Owner]]:
        """Return of what a title is an office, and the tokens before and after all that tells it."""
        left, owners = self._owners_before(start)
        if owners:
            return left, end, owners
        right, owners = self._owners_after(end)
        if not owners and self.lowered[end - 1] != office.form[-1]:
            owners = [(end - 1, m) for m in self.referents(end - 1)[:1]]  # "menterinya"
        return left, right, owners

    def _owners_before(self, start: int) -> tuple[int, list[_Owner]]:
        """Return what stands before a title as that of which it is an office, and the token before it."""
        if self.language.bare_possessor:  # "Rusia mengundang Presiden Lula": it is told after the title
            return start - 1, []
        j = start - 1
        while j >= 0 and (
            self.lowered[j] in self.words["genitive"]
            or self.lowered[j] in self.words["article"]
            or (self.doc[j].pos_ in ("ADJ", "VERB", "NOUN") and j not in self.mentions and start - j <= 3)
        ):
            j -= 1
        found: list[_Owner] = []
        left = start - 1
        while (mention := self._state_at(j)) is not None:
            found.insert(0, (j, mention))
            while j >= 0 and self.mentions.get(j) == mention:
                j -= 1
            left = j
            if j < 0 or self.doc[j].pos_ != "CCONJ":  # "the French and German presidents"
                break
            j -= 1
            while j >= 0 and self.lowered[j] in self.words["genitive"]:
                j -= 1
        return left, found

    def _owners_after(self, end: int) -> tuple[int, list[_Owner]]:
        """Return what stands after a title as that of which it is an office, and the token after it."""
        m = self._past(end, self.words["of"] | self.words["article"] | self.words["formal_name"])
        if m == end and not self.language.bare_possessor:
            return end, []
        found: list[_Owner] = []
        right = end
        while (mention := self._state_at(m)) is not None:
            found.append((m, mention))
            while self.mentions.get(m) == mention:
                m += 1
            right = m
            m = self._past(m, {","})
            if m >= len(self.doc) or self.doc[m].pos_ != "CCONJ":
                break
            m = self._past(m + 1, self.words["article"])
        return right, found

    def _state_at(self, i: int) -> Mention | None:
        """Return the state or organisation named at a token."""
        mention = self.mentions.get(i)
        return None if mention is None or mention.agent is not None else mention

    def _past(self, i: int, words: Collection[str]) -> int:
        """Return the first token from one on that is none of some words."""
        while i < len(self.doc) and self.lowered[i] in words:
            i += 1
        return i

    def _holders(self, k: int) -> list[_Holder]:
        """Return the people named right after a title."""
        found: list[_Holder] = []
        k = self._past(k, {","}) if self.lowered[k : k + 1] == [","] else k
        while (holder := self._person_at(k)) is not None:
            found.append(holder)
            k = self._past(holder[1][1], {","})
            if k < len(self.doc) and self.doc[k].pos_ == "CCONJ":
                k += 1
            elif k == holder[1][1]:
                break
        return found

    def _each_of(self, k: int) -> Iterator[tuple[_Holder, Mention]]:
        """Yield the people named right after a title who are told each with a state of their own."""
        while (holder := self._person_at(k)) is not None:
            after = holder[1][1]
            m = self._past(after, self.words["of"] & self.words["possessing"])
            state = self._state_at(self._past(m, self.words["article"])) if m > after else None
            if state is None:
                return
            yield holder, state
            k = self._past(m, self.words["article"])
            while self.mentions.get(k) == state:
                k += 1
            k = self._past(k, {","})
            if k < len(self.doc) and self.doc[k].pos_ == "CCONJ":
                k += 1

    def _holder_before(self, j: int) -> _Holder | None:
        """Return the person of whom a title is an apposition: "X, president of Y", "X, its president"."""
        while j >= 0 and (self.lowered[j] in self.words["article"] or self.lowered[j] in self.language.references):
            j -= 1
        if j < 1 or self.doc[j].text not in (",", "("):
            return None
        begin = j
        if (mention := self.mentions.get(begin - 1)) is not None:
            while begin > 0 and self.mentions.get(begin - 1) == mention:
                begin -= 1
        else:
            while begin > 0 and self._is_name(begin - 1):
                begin -= 1
        return self._person_at(begin, stop=j)

    def _person_at(self, k: int, stop: int | None = None) -> _Holder | None:
        """Return the person named at a token: one that the tables know, or at least two words of a name."""
        if k >= len(self.doc):
            return None
        mention, end = self.mentions.get(k), k
        if mention is not None:
            who = mention.agent or (mention.actor if mention.actor.startswith("person:") else None)
            if who is None:
                return None
            while self.mentions.get(end) == mention:
                end += 1
            return who, (k, end)
        while end < (stop or len(self.doc)) and self._is_name(end):
            end += 1
        while k < end and self.lowered[k] in self.language.titles:  # "General Duong Van Minh"
            k += 1
        words = [t.text for t in self.doc[k:end]]
        if len(words) < 2 or not self.words["name_part"].isdisjoint((words[0].lower(), words[-1].lower())):
            return None
        return f"person:{slug(self.doc[k:end].text)}", (k, end)

    def _is_name(self, i: int) -> bool:
        token = self.doc[i]
        if i in self.mentions:
            return False
        if token.lower_ in self.words["name_part"]:
            return 0 < i < len(self.doc) - 1 and (
                self.doc[i - 1].text[:1].isupper() or self.doc[i + 1].text[:1].isupper()
            )
        return token.text[:1].isupper() and token.is_alpha

    def _in_name(self, holder: _Holder) -> Mention | None:
        """Return the state that a person's name tells: "King Fahd of Saudi Arabia"."""
        mention = self.mentions.get(holder[1][0])
        if mention is None or self.words["of"].isdisjoint(self.lowered[slice(*holder[1])]):
            return None
        return replace(mention, agent=None)

    def _named_elsewhere(self, office: Office, of: Mention) -> str | None:
        """Return the person whom the document names and who holds an office ("the Ukrainian president")."""
        named = {m.agent for m in self.known if m.agent is not None and m.actor == of.actor}
        holders = [who for who in sorted(named) if of.actor in _terms(who, office.relation)]
        return holders[0] if len(holders) == 1 else None

    def _told(self, person: str, office: Office) -> Mention | None:
        """Return the actor whose office a known person holds, if the document names it."""
        held = _terms(person, office.relation)
        return next((m for of in held for m in self.known if m.actor == of and m.agent is None), None)

    def _same(self, office: Office, person: str, of: Mention | None, before: Sequence[OfficeMention]) -> Office:
        """Return the office of a counterpart: the last told in the sentence, or the only one that the person held."""
        if office.relation != "counterpart":
            return office
        relations = ontology.load().relations
        last = next((o.office.relation for o in reversed(before) if o.office.relation in relations), None)
        held = {t.relation for t in people()[person].terms if of and t.of == of.actor} if person in people() else set()
        held &= relations.keys()
        return replace(office, relation=last or (held.pop() if len(held) == 1 else "acts_for"))


def _titled(roles: Roles, i: int) -> tuple[str, ...]:
    """Return the forms under which a word may be one of a title: as it stands, and as the noun that it is a form of."""
    return roles.words(i) if roles.tokens[i].pos_ in ("NOUN", "PROPN") else (roles.lower[i],)


def _terms(person: str, relation: str | None) -> list[str]:
    """Return of what a person holds or held an office of a relation."""
    record = people().get(person)
    return [t.of for t in record.terms if t.relation == relation] if record is not None else []


def _fitting(office: Office, readings: Sequence[Mention]) -> Mention:
    """Return the first of what a name or reference may mean that can have such an office, else the first of all."""
    relation = ontology.load().relations.get(str(office.relation))
    fitting = [m for m in readings if relation and ontology.kind_of(m.actor) in relation.object_kinds]
    return fitting[0] if fitting else readings[0]


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
