"""A parsed sentence with its mentions: what the frames look at."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from functools import cached_property

from spacy.tokens import Doc

from kgraph import ontology
from kgraph.actors.names import slug
from kgraph.actors.reference import History, resolve, unique
from kgraph.extract import referring
from kgraph.extract.roles import Roles
from kgraph.language import Language
from kgraph.model import Mention, Span

__all__ = ["Filler", "Sentence"]


@dataclass(frozen=True, slots=True)
class Filler:
    """An actor that fills a slot: the mention, its token, and how far the name is from the filler's head word."""

    mention: Mention
    token: int
    distance: int = 0
    others: tuple[Mention, ...] = ()


@dataclass
class Sentence:
    """One sentence of a document, parsed; `start` is its offset in the document's text."""

    number: int
    start: int
    doc: Doc
    roles: Roles
    language: Language
    history: History
    mentions: list[Mention]
    at: dict[int, Mention] = field(default_factory=dict)
    references: dict[int, tuple[int, int, str, str]] = field(default_factory=dict)
    standing: dict[tuple[int, bool, bool, bool, int], list[Filler]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Map mentions and references to tokens."""
        places = [(self.start + t.idx, self.start + t.idx + len(t)) for t in self.roles.tokens]
        for mention in self.mentions:
            for i, (begin, end) in enumerate(places):
                if begin < mention.end and end > mention.start:
                    self.at[i] = mention
        for i in self.at:
            verb = self.roles.head[i]
            lost = self.roles.role[i] == "adverb" and i < verb and self.roles.is_verb(verb)
            if lost and not self.roles.of(verb, "subject", "subject-passive"):
                self.roles.role[i] = "subject"  # a name that the tagger does not know: "Hizbullah mengancam Siprus"
        self.references = referring.find(self)
        for mention in self.mentions:
            tokens = [t for t, m in self.at.items() if m == mention]
            if any(self._venue(t, mention) for t in tokens):
                continue  # "in Washington" is where, not who
            subject = any(self._is_subject(t) for t in tokens)
            among = self._list(tokens)
            person = among is None and any(self._of_person(t) for t in tokens)
            self.history.add(mention, self.number, subject=subject, among=among, person=person)

    def _of_person(self, t: int) -> bool:
        """Tell whether a name says whose the person is who acts: "the Egyptian minister", "the president of Egypt"."""
        noun, role = self.roles.head[t], self.roles.role[t]
        own = role in ("modifier", "possessor") or self.roles.marker[t] in self.language.words["of"]
        acts = self.roles.role[noun] in ("subject", "subject-passive")
        return own and acts and noun not in self.at and self.sort_of(noun) == "person"

    def _is_subject(self, t: int) -> bool:
        """Tell whether a name is a subject, or, where nouns stand for whose they are, its noun: "Junta Niger"."""
        role, head = self.roles.role, self.roles.head[t]
        owned = role[t] in ("possessor", "modifier") and self.sort_of(head) not in ("private", "relational")
        if owned and self.language.unlisted_stand_in:
            t = head
        return role[t] in ("subject", "subject-passive")

    def _list(self, tokens: list[int]) -> tuple[int, int] | None:
        """Return what is the same for all names of a list: the sentence and the token that heads it."""
        for t in tokens:
            top = t
            while self.roles.role[top] == "coordinate" and self.roles.head[top] in self.at:
                top = self.roles.head[top]
            if top != t or any(c in self.at for c in self.roles.of(t, "coordinate")):
                return self.number, top
        return None

    @cached_property
    def text(self) -> str:
        """Return the sentence's text."""
        return self.doc.text

    @cached_property
    def span(self) -> Span:
        """Return the sentence's place in the document."""
        return Span(self.start, self.start + len(self.text))

    def span_of(self, first: int, last: int) -> Span:
        """Return the place in the document of the tokens from `first` to `last`, `last` included."""
        a, b = self.roles.tokens[first], self.roles.tokens[last]
        return Span(self.start + a.idx, self.start + b.idx + len(b))

    def named(self) -> dict[int, Mention]:
        """Return the mention at each token, references to states and organisations ("its", "the bloc") included."""
        found = dict(self.at)
        for i, (first, last, *_) in self.references.items():
            fillers = self.actors_at(i, expand=False)
            if len(fillers) == 1 and fillers[0].mention.agent is None:
                found |= dict.fromkeys(range(first, last), fillers[0].mention)
        return found

    def referents(self, i: int) -> list[Mention]:
        """Return the readings of the reference at a token, best first; nothing where none stands there."""
        reference = self.references.get(i) or self.suffix_reference(i)
        if reference is None or i in self.at:
            return []
        return [m for f in self._resolve(reference, 0) for m in (f.mention, *f.others)]

    def several(self, i: int) -> list[Filler]:
        """Return those whom a reference to more than one means, if it does not say whose they are ("the two foes")."""
        if (
            i not in self.references
            or self.references[i][2] not in ("both", "plural")
            or referring.named_by_of(self, i)
        ):
            return []
        found = list(self._referents(i, 0))
        return found if len(found) > 1 else []

    def kin(self, i: int) -> tuple[list[Filler], list[Filler]] | None:
        """Return who a reference such as "its neighbour" means and whose it is, None for other nouns."""
        first, last, sort, kind = self.references.get(i, (i, i, "", ""))
        if sort != "other" or last - first < 2:
            return None
        return list(self._referents(i, 0)), list(self._resolve((first, first + 1, "possessive", kind), 0))

    def two_before(self, i: int, but: AbstractSet[str]) -> list[Filler]:
        """Return the two who were named last before a token, besides some: between them somebody mediates."""
        span = self.span_of(i, i)
        pairs = resolve(
            "both", "any", Mention(span.start, span.end, "", "reference"), self.number, self.history, frozenset(but)
        )
        return [Filler(mention, i, 3) for mention in (pairs[0] if pairs else ())]

    def actors_at(
        self, i: int, *, expand: bool = True, depth: int = 0, venue: bool = False, strict: bool = False
    ) -> list[Filler]:
        """Return the actors for which the noun phrase headed by a token stands.

        A name stands for its actor; troops, ministries and officials for the state that they belong to; a reference
        for what was named before. `expand` adds what is coordinated with the token; `venue` lets a capital after "in"
        or "at" act; `strict` lets only nouns that the table of stand-ins lists stand for an actor.
        """
        found = list(self._at_head(i, depth, venue=venue, strict=strict))
        if expand:
            for c in self.roles.of(i, "coordinate"):
                if not self.roles.is_verb(c) or c in self.at:
                    found += self.actors_at(c, depth=depth)
            found += [Filler(self.at[t], t, depth) for t in self.listed(i)]
        return unique(found)

    def treaty_at(self, i: int) -> list[Filler]:
        """Return the treaty that "it" means where only a treaty can be meant: "Ecuador tore it up"."""
        if i not in self.references or self.references[i][2] != "singular":
            return []
        return list(self._resolve((*self.references[i][:3], "treaty"), 0))

    def standing_at(self, i: int, *, expand: bool, venue: bool, strict: bool) -> list[Filler]:
        """Return the same as `actors_at`, found once for all cues as long as no more has been said."""
        key = i, expand, venue, strict, len(self.history.dyads)
        if key not in self.standing:
            self.standing[key] = self.actors_at(i, expand=expand, venue=venue, strict=strict)
        return self.standing[key]

    def place_at(self, i: int) -> Filler | None:
        """Return the place that a proper name outside the tables names, or a capital that is meant as a town."""
        token = self.roles.tokens[i]
        mention = self.at.get(i)
        if not self.language.words["settlement"].isdisjoint(self.roles.words(i)):  # "the town of Zalambessa"
            named = [c for c in self.roles.of(i, "oblique") if self.roles.marker[c] in self.language.words["of"]]
            return self.place_at(named[0]) if named and self.roles.tokens[named[0]].pos_ == "PROPN" else None
        if mention is not None:
            if mention.sort != "capital":
                return None
            span = Span(mention.start, mention.end)
        elif token.pos_ == "PROPN" and token.text[:1].isupper() and i not in self.references:
            first = i
            while first and self.roles.tokens[first - 1].pos_ == "PROPN" and self.roles.head[first - 1] == i:
                if first - 1 in self.at:
                    break
                first -= 1
            span = self.span_of(first, i)
        else:
            return None
        name = slug(self.text[span.start - self.start : span.end - self.start])
        return Filler(Mention(span.start, span.end, f"place:{name}", "name"), i) if name else None

    def _at_head(self, i: int, depth: int, *, venue: bool = False, strict: bool = False) -> Iterator[Filler]:
        token = self.roles.tokens[i]
        if i in self.at:
            mention = self.at[i]
            if venue or not self._venue(i, mention):
                yield Filler(mention, i, depth)
                partner = self._hyphenated_with(i, mention)
                if partner is not None:
                    yield Filler(self.at[partner], partner, depth)
            return
        if token.lower_ in self.language.words["relative"]:
            noun = self.roles.antecedent(i)
            if noun is not None and noun != i and depth < 4:  # "X, which came, and Y": that is X alone
                yield from self.actors_at(noun, expand=not self.roles.of(noun, "coordinate"), depth=depth + 1)
                for c in self.roles.of(noun, "coordinate"):
                    if c < i:
                        yield from self.actors_at(c, depth=depth + 1)
            return
        seats = self._seats(i) if depth < 4 else []
        if seats:
            for seat in seats:
                yield from self.actors_at(seat, depth=depth + 1, venue=True)
            return
        if i in self.references:
            named = [c for c in self.roles.of(i, "apposition") if c in self.at]  # "the kingdom, Bahrain"
            several = self.references[i][2] in ("both", "plural")  # "the two sides, Israel and the PLO"
            meant = self.actors_at(named[0], expand=several, depth=depth + 1) if named else self._referents(i, depth)
            yield from list(meant) or self.doers(i)  # "the accord" may be one that has no name
            return
        if depth >= 4:
            return
        bearing = self.language.words["bearing"]
        if token.lower_ in bearing:  # "the Saudi-led bombing"
            yield from (Filler(self.at[t], t, depth) for t in self.roles.children[i] if t in self.at)
            return
        borne = [c for c in self.roles.of(i, "participle") if not bearing.isdisjoint(self.roles.words(c))]
        led = [f for c in borne for t in self.roles.of(c, "agent") for f in self.actors_at(t, depth=depth + 1)]
        if led:  # "a coalition led by Ethiopia, including Kenya"
            yield from led
            yield from self._members(i, depth)
            return
        counted = token.pos_ == "NUM" and self.roles.obliques(i, *self.language.words["of"])  # "14 of its ships"
        if counted or self.roles.lemma(i) in self.language.words["one"]:  # "almost all of the South China Sea"
            for c in self.roles.of(i, "oblique", "possessor"):
                yield from self.actors_at(c, depth=depth + 1)
            return
        done = self.doers(i) if depth == 0 else []
        if done:
            yield from done
            return
        above = self.roles.head[i]
        if self.roles.role[i] == "apposition" and above in self.at and self.roles.of(i, "relative"):
            yield Filler(self.at[above], above, depth)  # "X, an executive of Y, whom Z detained"
            return
        sort = self.sort_of(i)
        if sort is None and token.pos_ == "PROPN":  # "the Argentine cruiser General Belgrano"
            sort = next((s for c in self.roles.of(i, "modifier") if (s := self.sort_of(c)) is not None), None)
        if sort == "relational":  # "its neighbour Tanzania", "his Angolan counterpart"
            for c in self.roles.of(i, "apposition"):
                yield from self.actors_at(c, expand=self.roles.several(i), depth=depth + 1)
            if self.roles.of(i, "possessor"):
                yield from (Filler(self.at[c], i, depth + 1) for c in self.roles.of(i, "modifier") if c in self.at)
        if self.roles.several(i) and not self.language.words["many"].isdisjoint(self.roles.words(i)):
            members = unique(self._members(i, depth))
            yield from members
            if members:
                return
        if sort in ("private", "relational"):
            return
        several = self.roles.several(i)  # "the parties, Latvia and Estonia"
        if sort is None and depth == 0 and strict:
            if token.pos_ == "PROPN":  # "Yeonpyeong, a South Korean island"
                for c in self.roles.of(i, "apposition"):
                    yield from self.actors_at(c, expand=several, depth=depth + 1)
                for c in self.roles.of(i, "modifier"):
                    if c in self.at and self.at[c].sort == "adjective" and self._machine(i):  # "Iraqi MiGs"
                        yield Filler(self.at[c], c, depth + 1)
            return
        modifiers = self.roles.of(i, "possessor", "modifier")
        for c in list(modifiers):
            if self.roles.lower[c] in self.language.words["bearing"]:  # "a British-flagged tanker"
                yield from (Filler(self.at[t], t, depth + 1) for t in self.roles.children[c] if t in self.at)
        found = False
        for c in modifiers:
            if self._hyphenated(c) and c in self.at:
                continue
            for filler in (
                self.actors_at(c, depth=depth + 1)
                if c in self.at or c in self.references or self._name_bearing(c) or self._whose(c)
                else ()
            ):
                found = True
                yield self._in_person(filler, i)
        if found:
            return
        for c in self.roles.of(i, "apposition"):
            for filler in self.actors_at(c, expand=several, depth=depth + 1):
                found = True
                yield filler
        if found:
            return
        for c in self.roles.of(i, "oblique"):
            words = self.language.words
            speaks = sort == "person" and self.roles.marker[c] in words["of"]  # "a spokesman for Chile"
            act = any(word in words["act"] or word in self.language.acts for word in self.roles.words(i))
            decides = act and self.roles.marker[c] in words["agent"]
            if speaks or decides or self.roles.marker[c] in words["possessing"]:  # "a decision by Peru"
                yield from self.actors_at(c, depth=depth + 1)
        for c in self.roles.of(i, "participle"):  # "the sanctions imposed by Peru"
            for agent in self.roles.of(c, "agent"):
                yield from self.actors_at(agent, depth=depth + 1)
        suffix = self.suffix_reference(i)
        if suffix is not None:
            yield from self._resolve(suffix, depth)

    def _members(self, i: int, depth: int) -> Iterator[Filler]:
        """Yield those who are named of many: "ten countries, from Estonia to Malta", "six states, among them Peru"."""
        words, roles = self.language.words["among"], self.roles
        after = [c for c in roles.of(i, "oblique") if roles.marker[c] in words]
        verb = roles.head[i]
        if roles.role[i] in ("subject", "subject-passive"):
            them = (c for c in roles.of(verb, "oblique") if roles.marker[c] in words and c not in self.at)
            after += [
                c
                for k in them
                for c in roles.of(verb, "oblique")
                if c in self.at and roles.marker[c] == roles.marker[k]
            ]
        for c in after:
            if c in self.at:
                yield from self.actors_at(c, depth=depth + 1)

    def _machine(self, i: int) -> bool:
        """Tell whether a proper noun is one of several or has a number, as arms have: "MiGs", "F-16"."""
        text = self.roles.tokens[i].text
        return text.endswith("s") or any(character.isdigit() for character in text)

    def _seats(self, i: int) -> list[int]:
        """Return the names of where those who rule sit, for whom they act: "the junta in Niamey"."""
        if self.language.words["ruling"].isdisjoint(self.roles.words(i)):
            return []
        if any(c in self.at for c in self.roles.of(i, "possessor", "modifier")):  # "the Malian authorities in Paris"
            return []
        venue = self.language.words["venue"]
        return [c for c in self.roles.of(i, "oblique") if c in self.at and self.roles.marker[c] in venue]

    def _in_person(self, filler: Filler, title: int) -> Filler:
        """Return a filler with the person who acts, where a name stands beside a title ("Fiji's premier, X")."""
        if filler.mention.agent is None:
            for c in self.roles.of(title, "apposition", "modifier"):
                named = self.at.get(c)
                if named is not None and named.agent is not None and named.actor == filler.mention.actor:
                    return replace(filler, mention=replace(filler.mention, agent=named.agent))
        return filler

    def _hyphenated_with(self, i: int, mention: Mention) -> int | None:
        """Return a token of the other actor in a pair such as "Rusia-Kazakhstan"."""
        first = last = i
        while self.at.get(first - 1) == mention:
            first -= 1
        while self.at.get(last + 1) == mention:
            last += 1
        for hyphen, other in ((last + 1, last + 2), (first - 1, first - 2)):
            if (
                0 <= hyphen < len(self.doc)
                and self.roles.tokens[hyphen].text in ("-", "–", "—", "/")
                and not self.roles.tokens[hyphen].whitespace_
                and other in self.at
            ):
                return other
        return None

    def listed(self, i: int) -> list[int]:
        """Return tokens of the names that stand in one list with a name: "ASEAN, G20, dan OKI", "US, Japan hold".

        Parsers lose their way in lists; commas and a closing "and" do not. In a headline the comma alone will do.
        """
        mention = self.at.get(i)
        if mention is None:
            return []
        names = []
        closed = False
        last = i
        while True:
            while self.at.get(last + 1) == self.at[last]:
                last += 1
            after = last + 1
            while after < len(self.doc) and (
                self.roles.tokens[after].text in (",", "(", ")")
                or self.roles.role[after] in ("conjunction", "determiner")
            ):
                closed = closed or self.roles.role[after] == "conjunction"
                after += 1
            if after == last + 1 or after not in self.at or self.roles.role[after].startswith("subject"):
                break
            if (
                self.at[after].actor.split(":")[0] != mention.actor.split(":")[0]
                and self.at[after].actor != mention.actor
            ):
                break
            names.append(after)
            last = after
        first = min(t for t, m in self.at.items() if m == mention)
        while mention.sort == "adjective" and first > 1 and self.roles.tokens[first - 1].text == ",":
            before = self.at.get(first - 2)  # "French, British and American forces"
            if before is None or before.sort != "adjective":
                break
            names.append(first - 2)
            first = min(t for t, m in self.at.items() if m == before)
        if closed:
            return names
        if first == 2 and self.roles.tokens[1].text == "," and 0 in self.at:  # "US, Japan hold joint drills"
            return [0]
        return []

    def doers(self, i: int) -> list[Filler]:
        """Return who did what a noun refers back to: "condemned the strikes", "mengecam serangan itu".

        Those are all who did the same to the same; of what is mutual ("hailed the accord"), both sides.
        """
        near = {self.roles.lower[c] for c in self.roles.of(i, "determiner", "modifier", "other")}
        if near.isdisjoint(self.language.words["demonstrative"]) or self.roles.of(i, "possessor", "oblique"):
            return []
        relations = {r for word in self.roles.words(i) for r in self.language.acts.get(word, ())}
        known = ontology.load().relations
        if not self.language.words["act"].isdisjoint(self.roles.words(i)):  # "condemned the move"
            relations |= {past.relation for past in self.history.dyads[-1:] if not known[past.relation].lasting}
        last = next((past for past in reversed(self.history.dyads) if past.relation in relations), None)
        if last is None:
            return []
        same = [d for d in self.history.dyads if d.relation == last.relation and d.object == last.object]
        both = known[last.relation].symmetric
        actors = [*(d.subject for d in same), *([last.object] if both else [])]
        span = self.span_of(i, i)
        return unique([Filler(Mention(span.start, span.end, a.actor, "reference", a.agent), i, 2) for a in actors])

    def _whose(self, c: int) -> bool:
        return self.roles.role[c] == "possessor" and self.roles.lower[c] in self.language.words["relative"]

    def _name_bearing(self, c: int) -> bool:
        """Tell whether a modifier is a title or body that itself belongs to an actor ("minister" in "minister X")."""
        return self.roles.tokens[c].pos_ in ("NOUN", "PROPN") and self.sort_of(c) not in ("private", "relational")

    def _hyphenated(self, c: int) -> bool:
        """Tell whether a name is only part of a compound such as "Russian-backed"."""
        after = c + 1
        tied = after < len(self.doc) and self.roles.tokens[after].text == "-" and self.roles.tokens[c].whitespace_ == ""
        return tied and after + 1 not in self.at

    def _venue(self, i: int, mention: Mention) -> bool:
        return mention.sort == "capital" and self.roles.marker[i].split(" ")[-1] in self.language.words["venue"]

    def sort_of(self, i: int) -> str | None:
        """Return the sort of stand-in that a noun is, with the words beside it or alone, None where no table has it."""
        words = self.roles.words(i)
        for word in words:
            beside = self.language.compound_standins.get(word, ())
            for form in sorted(beside, key=len, reverse=True) if beside else ():
                parts = form.split(" ")  # "foreign secretary", "secretary of state"
                n = len(parts) - 1
                if parts[-1] == word and self.roles.lower[max(i - n, 0) : i] == parts[:-1]:
                    return self.language.standins[form]
                if parts[0] == word and self.roles.lower[i + 1 : i + 1 + n] == parts[1:]:
                    return self.language.standins[form]
        for word in reversed(words):
            if word in self.language.standins:
                return self.language.standins[word]
        return None

    def suffix_reference(self, i: int) -> tuple[int, int, str, str] | None:
        """Return the reference in an Indonesian "-nya" that a word carries ("pasukannya")."""
        form = self.roles.lower[i]
        for suffix in self.roles.suffixes:
            if form.endswith(suffix) and len(form) > len(suffix) + 3:
                sort, kind = self.language.references[f"-{suffix}"][0]
                return i, i + 1, sort, kind
        return None

    def suffixed(self, i: int) -> list[Filler]:
        """Return whom the suffix of a word may mean ("pasukannya")."""
        suffix = self.suffix_reference(i)
        return [] if suffix is None else list(self._resolve(suffix, 0))

    def _referents(self, i: int, depth: int) -> Iterator[Filler]:
        yield from self._resolve(self.references[i], depth)

    def _resolve(self, reference: tuple[int, int, str, str], depth: int) -> Iterator[Filler]:
        first, last, sort, kind = reference
        span = self.span_of(first, last - 1)
        place = Mention(span.start, span.end, "", "reference")
        subjects = referring.clause_subjects(self, first)
        own = not any(self.roles.threatened(self.roles.head[k]) for k in range(first, last))
        if sort == "singular" and last - first > 1 and own:  # "its government" may be the subject's
            subjects = frozenset()
        acted_on = last - first == 1 and self.roles.role[first] == "object"
        readings = resolve(sort, kind, place, self.number, self.history, subjects, acted_on=acted_on)
        if not readings:
            return
        best = readings[0]
        if len(best) == 1:
            others = tuple(r[0] for r in readings[1:] if len(r) == 1)
            yield Filler(best[0], first, depth + 1, others)
        else:
            for mention in best:
                yield Filler(mention, first, depth + 1)
