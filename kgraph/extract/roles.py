"""Who does what to whom in a parsed sentence: dependency labels turned into roles, the same for all languages.

A table for each label scheme (`kgraph/language/schemes/`) names the role of a label. What a table cannot say is done
here once, for all cues: prepositions are lifted off their nouns, passives turned round, and missing subjects found
through control, relative clauses and coordination.
"""

from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from itertools import chain

from spacy.tokens import Doc, Token

from kgraph.extract.repairs import repair
from kgraph.language import Language

__all__ = ["Roles", "variants"]

OBLIQUE = frozenset({"oblique"})
LIFTED = frozenset({"oblique", "complement", "case"})  # roles of what a preposition governs


class Roles:
    """The roles of a sentence: for each token its governor, its role there and its preposition."""

    def __init__(self, doc: Doc, language: Language) -> None:
        """Read the roles off a parsed text."""
        scheme = language.roles
        self.doc, self.language, self.known = doc, language, language.words
        self.tokens = list(doc)
        self.lower = [t.lower_ for t in self.tokens]
        self.suffixes = language.suffixes
        self._words: dict[int, tuple[str, ...]] = {}
        self._passive: dict[int, bool] = {}
        self._clause: dict[int, int] = {}
        self.role = [scheme.get(t.dep_, "other") for t in self.tokens]
        self.head = [t.head.i for t in self.tokens]
        self.children = self._children()
        self.marker = [""] * len(doc)
        for token in self.tokens:
            role = self.role[token.i]
            if role in ("case", "case-by") or (role == "recipient" and token.pos_ == "ADP"):
                lifted = LIFTED
            elif role == "particle":  # "patrolling off Venezuela"
                lifted = OBLIQUE
            else:
                continue
            if not lifted.isdisjoint([scheme.get(self.tokens[c].dep_) for c in self.children[token.i]]):
                self._lift(token, scheme)
        for token in self.tokens:
            if self.role[token.i] == "oblique" and not self.marker[token.i]:
                self._list(token)
                self._mark(token, scheme)
        repair(self)
        self.children = self._children()
        for i, role in enumerate(self.role):  # "membantah kabar bahwa ...": what "bahwa" opens is no adverbial
            if role not in ("adverbial", "relative", "participle"):
                continue
            if language.bare_arguments and self.lower[i] in self.known["bearing"]:  # "kapal berbendera Panama"
                self.role[i] = "modifier"
            marks, head = self.of(i, "mark"), self.head[i]
            if any(self.lower[c] in self.known["complementizer"] for c in marks):
                self.role[i] = "complement"
            asked = all(self.lower[c] in self.known["entreating"] for c in marks)  # "meminta Iran agar mundur", too
            accused = role == "adverbial" and asked and not self.known["accusing"].isdisjoint(self.words(head))
            if accused and any(head < c < i for c in self.of(head, "object")):  # "menuduh Iran memasok senjata"
                self.role[i] = "complement"
        self.markers = frozenset(word for marker in self.marker for word in (marker, marker.split(" ")[-1]))

    def _children(self) -> list[list[int]]:
        """Return the tokens that each token governs."""
        children: list[list[int]] = [[] for _ in self.head]
        for i, head in enumerate(self.head):
            if head != i:
                children[head].append(i)
        return children

    def _lift(self, preposition: Token, scheme: Mapping[str, str]) -> None:
        """Hang the noun of "on Iran" on what "on" hangs on, with the preposition as its marker."""
        words, governor = [preposition.lower_], preposition
        while scheme.get(governor.head.dep_) == "case" and governor.head.i != governor.i:
            governor = governor.head
            words.insert(0, governor.lower_)
        by = self.role[governor.i] == "case-by" or scheme.get(governor.dep_) == "case-by"
        for child in self.children[preposition.i]:
            role = scheme.get(self.tokens[child].dep_)
            if role in ("oblique", "complement"):
                self.head[child] = governor.head.i
                self.marker[child] = " ".join(words)
                if governor.dep_ == "dative" and role == "oblique":
                    self.role[child] = "recipient"
                elif by:
                    self.role[child] = "agent"

    def _list(self, noun: Token) -> None:
        """Coordinate a noun with another one whose preposition is repeated before it: "with Oman and with Yemen"."""
        second, first = noun.head, noun.head.head
        if second.pos_ == first.pos_ == "ADP" and self.role[second.i] == "coordinate" and first.i != second.i:
            nouns = [c for c in self.children[first.i] if self.marker[c]]
            if nouns and second.lower_ == first.lower_:
                self.head[noun.i], self.role[noun.i], self.marker[noun.i] = nouns[0], "coordinate", second.lower_

    def _mark(self, noun: Token, scheme: Mapping[str, str]) -> None:
        """Give a Universal Dependencies oblique its preposition, or call it a possessor where it has none."""
        before = [c for c in self.children[noun.i] if c < noun.i]
        words = [self.lower[c] for c in before if scheme.get(self.tokens[c].dep_) == "case"]
        if words:
            self.marker[noun.i] = words[-1]
        elif noun.head.pos_ in ("NOUN", "PROPN", "PRON", "ADJ") or self.role[noun.head.i] in ("subject", "object"):
            self.role[noun.i] = "possessor"

    # -- small questions ---------------------------------------------------------------------------------------

    def of(self, i: int, *roles: str) -> list[int]:
        """Return the children of a token that stand in one of the roles."""
        children = self.children[i]
        return [c for c in children if self.role[c] in roles] if children else []

    def lemma(self, i: int) -> str:
        """Return the lower-case lemma of a token, its form where the pipeline has no lemma."""
        return (self.tokens[i].lemma_ or self.tokens[i].text).lower()

    def words(self, i: int) -> tuple[str, ...]:
        """Return the lower-case lemma and form of a token, and the forms under which a table may have the word.

        Those are the form without a pronoun that is written to it ("pasukannya"), of an Indonesian passive or bare verb
        the active form ("diserang", "serang" → "menyerang"), and what lemmatisers miss ("hopes" is not of "hop").
        """
        found = self._words.get(i)
        if found is None:
            verb = self.tokens[i].pos_ == "VERB"
            forms = (self.lemma(i), *variants(self.lower[i], self.language, verb=verb))
            found = self._words[i] = tuple(dict.fromkeys(forms))
        return found

    @cached_property
    def present(self) -> frozenset[str]:
        """Return the words of all tokens."""
        return frozenset(chain.from_iterable(self.words(i) for i in range(len(self.tokens))))

    def is_verb(self, i: int) -> bool:
        """Tell whether a token acts as a verb."""
        token = self.tokens[i]
        return token.pos_ in ("VERB", "AUX") or bool(self.of(i, "subject", "subject-passive", "object"))

    def several(self, i: int) -> bool:
        """Tell whether a noun is a plural by its tag or form; where it has none, by a number or as it is said twice."""
        token = self.tokens[i]
        if self.language.bare_arguments:
            first, _, second = self.lower[i].partition("-")
            counted = any(self.lower[c] not in self.known["one"] for c in self.of(i, "number"))
            beside = self.of(i, "number", "determiner", "modifier")
            return first == second or counted or any(self.lower[c] in self.known["several"] for c in beside)
        return token.tag_ in ("NNS", "NNPS") or "Number=Plur" in token.morph

    def passive(self, i: int) -> bool:
        """Tell whether a verb is passive: by its auxiliary, its subject, its participle or its form."""
        if i not in self._passive:
            self._passive[i] = self._is_passive(i)
        return self._passive[i]

    def _is_passive(self, i: int) -> bool:
        token = self.tokens[i]
        if self.of(i, "subject-passive", "passive"):
            return True
        if self.language.voice:
            return self.language.voice.is_passive(token.lower_)
        if self.role[i] in ("participle", "modifier") and token.tag_ == "VBN":
            return True
        means = all(self.tokens[a].pos_ == "NOUN" and not self.children[a] for a in self.of(i, "agent"))  # "by phone"
        return not means and token.tag_ in ("VBN", "VBD") and not self.of(i, "object")

    def purpose(self, i: int) -> bool:
        """Tell whether a clause says what something is for ("to teach", "untuk", "agar")."""
        return any(self.lower[c] in self.known["purpose"] for c in self.of(i, "auxiliary", "mark"))

    def reason(self, i: int) -> bool:
        """Tell whether a clause says why something is done ("because", "karena")."""
        return any(self.lower[c] in self.known["blame"] for c in self.of(i, "mark"))

    def clause(self, i: int) -> int:
        """Return the verb that heads the clause in which a token stands, or the sentence's root."""
        if i not in self._clause:
            self._clause[i] = self._clause_of(i)
        return self._clause[i]

    def _clause_of(self, i: int) -> int:
        seen: set[int] = set()
        while i not in seen:
            seen.add(i)
            if self.tokens[i].pos_ in ("VERB", "AUX") and self.role[i] not in ("auxiliary", "passive", "modifier"):
                return i
            i = self.head[i]
        return i

    def coordinated(self, i: int) -> Iterator[int]:
        """Yield a token and all that are coordinated with it."""
        yield i
        for c in self.of(i, "coordinate"):
            if not (self.is_verb(c) and not self.is_verb(i)):
                yield from self.coordinated(c)

    # -- who acts, who is acted upon ----------------------------------------------------------------------------

    def antecedent(self, i: int) -> int | None:
        """Return the noun that the relative clause around a token describes."""
        seen = set()
        while i not in seen:
            seen.add(i)
            if self.role[i] == "relative":
                provoker = self._provoker(i)
                return self.head[i] if provoker is None else provoker
            i = self.head[i]
        return None

    def _provoker(self, i: int) -> int | None:
        """Return whose act angers others in a relative clause: "sent troops to Mali, which angered Niger"."""
        if self.known["provoking"].isdisjoint(self.words(i)):
            return None
        acts = [s for s in self.of(i, "subject") if s and self.lower[s - 1] == ","]
        subjects = self.of(self.clause(self.head[i]), "subject") if acts else []
        return subjects[0] if subjects else None

    def _resolved(self, i: int) -> int:
        if self.lower[i] in self.known["relative"]:
            noun = self.antecedent(i)
            if noun is not None and self.role[noun] == "coordinate" and self._plural(i):
                noun = self.head[noun]  # "France and Britain, which were building"
            if noun is not None and not any(c > i for c in self.of(noun, "coordinate")):
                return next(iter(self._said_to_be(noun, 0)), noun)
        return i

    def _plural(self, i: int) -> bool:
        """Tell whether the verb of a relative pronoun is a plural."""
        verb = self.head[i]
        finite = [verb, *self.of(verb, "auxiliary", "passive", "copula")]
        return any(self.tokens[t].tag_ == "VBP" or self.lower[t] in self.known["plural_verbs"] for t in finite)

    def _said_to_be(self, noun: int, depth: int) -> list[int]:
        """Return who is said to be what a noun names: "Peru is the only state opposing it", "one of those who do"."""
        if self.role[noun] == "oblique" and self.marker[noun] in self.known["of"]:
            noun = self.head[noun]
        verb, name = self.head[noun], self.tokens[noun].pos_ == "PROPN"  # "It was Iraq that invaded Kuwait"
        if not name and self.of(noun, "copula"):
            return self.of(noun, "subject")
        if name or self.role[noun] != "predicate" or verb == noun:
            return []
        return self.surface_subjects(verb, depth + 1)

    def surface_subjects(self, i: int, depth: int = 0) -> list[int]:
        """Return the grammatical subjects of a verb, its own or the one it borrows."""
        own = self.of(i, "subject", "subject-passive")
        if own:
            return [self._resolved(s) for s in own]
        if depth > 6 or self.head[i] == i:
            return []
        role, head = self.role[i], self.head[i]
        if role in ("relative", "participle"):
            if self.is_verb(head) and role == "participle":
                return self.surface_subjects(head, depth + 1)
            if self.lemma(i) and self.tokens[i].tag_ == "VB":  # "plan to join": the planner
                return self.agents(head, depth + 1)
            return self._said_to_be(head, depth) or [head]
        if role == "coordinate":
            return self.surface_subjects(head, depth + 1)
        if role == "complement":
            if self.is_verb(head):
                if self.marker[i].split(" ")[-1] in self.known["own_subject"]:  # "without signing"
                    same = not self.known["following"].isdisjoint(self.words(head)) and not self.passive(head)
                    others = self.of(head, "object") if same else []  # "joined Norway in condemning"
                    return self.surface_subjects(head, depth + 1) + [self._resolved(o) for o in others]
                objects = [
                    o for o in self.of(head, "object", "recipient") if self.lower[o] not in self.known["reflexive"]
                ]
                aim = self.language.bare_arguments and self.purpose(i)  # "menggelar KTT untuk mengecam Israel"
                if aim and self.known["accusing"].isdisjoint(self.words(head)):
                    return self.surface_subjects(head, depth + 1)
                uses = not self.known["using"].isdisjoint(self.words(head))  # "using Syria to arm Hezbollah"
                if objects and not self.passive(head) and not uses:
                    return objects
                return self._asked(i) or self.surface_subjects(head, depth + 1)
            if self.of(head, "copula") or self.role[head] == "predicate":
                return self.surface_subjects(head, depth + 1)
            if self.tokens[head].pos_ == "ADJ" and self.role[head] in ("modifier", "apposition"):
                return [self.head[head]]  # "Oman, due to join the bloc"
            if self.role[head] == "adverb":  # "Far from leaving, Fiji stays"
                return self.surface_subjects(self.head[head], depth + 1)
            return self.agents(head, depth + 1)
        if role == "adverbial":
            other = (self.purpose(i) and self._asked(i)) or self.threatened(i) or self._blamed(i)
            return other or self.surface_subjects(head, depth + 1)
        if role == "predicate":
            return self.surface_subjects(head, depth + 1)
        if role == "modifier" and self.tokens[i].pos_ == "VERB":
            return [head]
        return []

    def threatened(self, i: int) -> list[int]:
        """Return whom the clause above a condition threatens, who would fulfil it: "will punish X if it ..."."""
        head = self.head[i]
        marks = (self.lower[c] for c in self.of(i, "mark"))
        if self.known["conditional"].isdisjoint(marks) or self.known["threatening"].isdisjoint(self.words(head)):
            return []
        objects = self.of(head, "object", "recipient")
        towards = (*self.known["dative"], *self.known["against"])
        targets = objects + [t for o in (head, *objects) for t in self.obliques(o, *towards)]
        return [self._resolved(t) for t in targets if t < i and self.tokens[t].pos_ in ("PROPN", "PRON")]

    def _blamed(self, i: int) -> list[int]:
        """Return whom the clause above a reason blames, who did it: "mengecam Iran karena memasok senjata"."""
        if not (self.language.bare_arguments and self.reason(i)) or self.passive(i):
            return []
        head = self.head[i]
        targets = self.of(head, "object") + self.obliques(head, *self.known["dative"], *self.known["against"])
        return [t for t in targets if t < i and self.tokens[t].pos_ == "PROPN"]

    def _asked(self, i: int) -> list[int]:
        """Return who is asked to do what a verb says: "menyerukan kepada X agar menarik pasukan"."""
        head = self.head[i]
        return [
            c
            for c in self.of(head, "oblique")
            if c < i and any(f"{word} {self.marker[c]}" in self.known["asking"] for word in self.words(head))
        ]

    def agents(self, i: int, depth: int = 0) -> list[int]:
        """Return who acts: the subject of an active verb, the by-phrase of a passive; of a noun, its possessor."""
        if self.is_verb(i) or self.role[i] == "predicate":
            if self.passive(i):
                found = self.of(i, "agent")
                if not found and self.language.bare_arguments:
                    found = [
                        c
                        for c in self.of(i, "possessor", "oblique")
                        if (not self.marker[c] or self.marker[c] in self.known["agent"]) and c > i
                    ]
                    found = found or [c for c in self.of(i, "object") if c > i]
                return found
            return self.surface_subjects(i, depth)
        by = [c for c in self.of(i, "oblique") if self.marker[c] in self.known["agent"]]  # "a decision by Peru"
        return [*self.of(i, "possessor"), *self.of(i, "modifier"), *self.of(i, "agent"), *by] or self._charged(i)

    def _charged(self, i: int) -> list[int]:
        """Return who is blamed for what a noun names: "blamed Russia for the attack on Moldova"."""
        verb = self.head[i]
        grounds = self.role[i] == "oblique" and self.marker[i] in self.known["blame"] | self.known["of"]
        return self.patients(verb) if grounds and not self.known["charging"].isdisjoint(self.words(verb)) else []

    def behind_particle(self, tokens: Collection[int]) -> list[int]:
        """Return what stands behind a verb's particle that a parse reads as a preposition: "laughed off the offer"."""
        behind = [self.head[t] for t in tokens if self.role[t] == "case"]
        return [c for c in behind if c not in tokens and self.role[c] == "oblique" and self.head[c] in tokens]

    def governing_subjects(self, i: int) -> list[int]:
        """Return the subject of the verb whose object embeds a verb: "draws up plans to hit", "uses a law to ban"."""
        head = self.head[i]
        if self.role[i] == "complement" and not self.known["using"].isdisjoint(self.words(head)):
            return self.surface_subjects(head)
        if self.role[i] in ("participle", "complement", "relative") and not self.is_verb(head):
            verb = self.head[head]
            if verb != head and self.is_verb(verb) and self.role[head] in ("object", "predicate", "oblique"):
                return self.surface_subjects(verb)
        return []

    def where(self, i: int) -> list[int]:
        """Return the place where somebody has something, by a clause about it: "Qatar, where America keeps troops"."""
        about = any(self.lower[c] in self.known["where"] for c in self.of(i, "adverb"))
        return [self.head[i]] if about and self.role[i] == "relative" and self.of(i, "object") else []

    def patients(self, i: int, depth: int = 0) -> list[int]:
        """Return who is acted upon: the object of an active verb, the subject of a passive, the of-phrase of a noun."""
        if not self.is_verb(i):
            return [c for c in self.of(i, "oblique") if self.marker[c] == "of"]
        if self.passive(i):
            return self.surface_subjects(i, depth)
        objects = self.of(i, "object")
        if objects:
            return [self._resolved(o) for o in objects]
        if self.language.bare_arguments:
            near = [c for c in self.of(i, "oblique") if c == i + 1 and not self.marker[c]]
            if near and self.tokens[near[0]].pos_ == "PROPN":  # "kompak dukung Venezuela"
                return near
        if (
            self.role[i] == "relative"
            and self.of(i, "subject")
            and not any(self.lower[s] in self.known["relative"] for s in self.of(i, "subject"))
        ):
            return [self.head[i]]  # "the sanctions that Washington imposed"
        above = self.head[i]
        if self.role[i] == "complement" and self.role[above] == "relative" and not self.of(above, "object"):
            return self.patients(above, depth + 1) if depth < 2 else []  # "the deal that Qatar helped broker"
        if depth < 2:
            for c in self.of(i, "coordinate"):  # "arms and funds the rebels"
                if self.is_verb(c) and not self.of(c, "subject"):
                    return self.patients(c, depth + 1)
        return []

    def bare(self, i: int) -> list[int]:
        """Return the nouns without a preposition that a parse leaves beside a verb: "dikenai sanksi"."""
        return [
            c
            for c in self.of(i, "oblique", "complement", "other")
            if c > i and not self.marker[c] and (self.tokens[c].pos_ == "NOUN" or self.language.bare_arguments)
        ]

    def obliques(self, i: int, *markers: str) -> list[int]:
        """Return the nouns that hang on a token by one of the prepositions."""
        return [
            c
            for c in self.of(i, "oblique", "recipient", "agent", "possessor", "complement")
            if self.marker[c] in markers
            or (self.marker[c] not in self.known["source"] and self.marker[c].split(" ")[-1] in markers)
        ]

    def described(self, i: int) -> list[int]:
        """Return what a predicate noun or adjective is said of: subject of the copula, apposition, title."""
        found = []
        role, head = self.role[i], self.head[i]
        if role in ("predicate", "predicate-object"):
            found += self.surface_subjects(head)
        if self.of(i, "copula") or self.of(i, "subject"):
            found += [self._resolved(s) for s in self.of(i, "subject", "subject-passive")]
        if self.of(i, "copula") and self.role[i] == "relative":
            found.append(head)
        if role == "subject":  # "its closest ally is Turkey"
            found += [p for p in self.of(head, "predicate") if self.tokens[p].pos_ == "PROPN"]
        if role == "apposition":
            found.append(head)
        if role == "modifier":
            found.append(head)
        found += self.of(i, "apposition")
        for c in self.of(i, "oblique"):  # "the capital of Burkina Faso, Ouagadougou": hung on the wrong name
            found += [a for a in self.of(c, "apposition") if self.tokens[a].pos_ == self.tokens[c].pos_ == "PROPN"]
        if self.marker[i] in self.known["role"]:
            found += self.patients(head) or self.surface_subjects(head) or [head]
        if role == "object" and self.lemma(head) in self.known["linking"]:
            found += self.surface_subjects(head)
        if role == "coordinate" and not found:
            found += self.described(head)
        partitive = self.lemma(head) in self.known["one"] or self.tokens[head].tag_ == "JJS"
        if head != i and partitive and role in ("oblique", "possessor", "modifier"):
            found += self.described(head)  # "one of the guarantors", "the oldest of its friends", "salah satu anggota"
        if role == "participle" and not found:
            found.append(head)
        if not found and self.tokens[i].pos_ == "VERB":  # "is allied with"
            found += self.surface_subjects(i)
        return found


def variants(form: str, language: Language, *, verb: bool) -> tuple[str, ...]:
    """Return a lower-case form and those under which a table may have it; see `Roles.words`."""
    bare = [form[: -len(s)] for s in language.suffixes if form.endswith(s) and len(form) > len(s) + 2]
    first, _, second = form.partition("-")
    bare += [first] if first == second else []  # "kapal-kapal"
    if verb:
        bare += [form[: -len(s)] for s in language.words["verb_endings"] if form.endswith(s)]
    active = [a for b in (form, *bare) for a in language.voice.active_forms(b)] if language.voice else []
    return (form, *bare, *active)
