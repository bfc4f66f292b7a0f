"""Whether what a cue says is affirmed, denied or only supposed, and whose word it is.

One walk for all cues: from the cue up through what embeds it. Each word on the way that the language's tables know
(`embeddings.tsv`, `particles.tsv`) changes the verdict. Effects compose from the inside out, so that "denied plans to
leave" is a denial and "did not rule out leaving" a possibility.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from kgraph import ontology
from kgraph.extract.frames import Candidate
from kgraph.extract.roles import Roles
from kgraph.extract.voices import speaking
from kgraph.language import Embedding, Language
from kgraph.model import Factuality

__all__ = ["Judge", "Verdict"]

FUNCTION = frozenset(
    {
        "auxiliary",
        "negation",
        "adverb",
        "mark",
        "determiner",
        "conjunction",
        "modifier",
        "case",
        "other",
        "fixed",
    }
)
DESCRIBING = frozenset({"subject", "subject-passive", "object", "oblique", "possessor", "apposition", "agent"})
SPOKEN = frozenset({"REQUEST", "THREATEN", "ACCUSE"})  # PLOVER's types of what is done by words
VOICED = SPOKEN | {"REJECT", "SUPPORT", "PROTEST", "AGREE"}  # and of what is mostly done by words
CERTAIN, NEGATED, POSSIBLE = Factuality.CERTAIN, Factuality.NEGATED, Factuality.POSSIBLE


@dataclass(slots=True)
class Verdict:
    """The factuality so far, the tokens of the speakers from the inside out, and the words that changed it."""

    factuality: Factuality
    speakers: list[int]
    trail: list[str]
    wish: bool = False
    settled: frozenset[str] = frozenset()  # words that make nothing uncertain: "pledged" of aid, "will" of an exit
    goes_on: bool = False  # whether it is said to go on, so that it has been so: "will keep arming"
    spoken: bool = False  # whether it is done by words: a call that is turned down was made
    voiced: bool = False  # whether who comes "to condemn" has done so
    announced: bool = False  # whether who announces that he will do it has done it
    granted: bool = False  # whether it is no part of what is claimed: "said that its ally X had left"
    qualities: set[int] = field(default_factory=set)
    denials: set[int] = field(default_factory=set)
    announcers: set[int] = field(default_factory=set)  # speakers that may do by saying: "announced sanctions"

    def apply(self, effect: str, word: str, *, future: bool = False) -> None:
        """Compose an outer effect with what is inside."""
        before = self.factuality
        if effect == "possible" and self.goes_on:
            return
        if effect == "negated":
            self.factuality = CERTAIN if before is NEGATED else NEGATED
            if before is NEGATED and any(step.endswith("→negated") for step in self.trail):
                self.factuality = POSSIBLE  # "has not ruled out leaving" says neither
        elif effect == "possible" and (before is CERTAIN or not future):
            self.factuality = NEGATED if before is NEGATED and future else POSSIBLE
            if before is NEGATED:
                self.factuality = NEGATED
        if effect not in ("report", "certain"):
            self.trail.append(f"{word}→{effect}")


class Judge:
    """Judges the cues of one sentence."""

    def __init__(self, roles: Roles, language: Language) -> None:
        """Find the sentence's function words, those of several words included."""
        self.roles, self.language = roles, language
        self.effects: dict[int, list[tuple[str, str, int]]] = {}
        self.excepted: dict[int, str] = {}
        lowered = roles.lower
        taken: set[int] = set()
        opened = [
            (i, language.particle_widths[word]) for i, word in enumerate(lowered) if word in language.particle_widths
        ]
        for width in (4, 3, 2, 1):
            for i in (i for i, widths in opened if width in widths and i + width <= len(lowered)):
                form = " ".join(lowered[i : i + width])
                effect = language.particles.get(form)
                if effect is None or not taken.isdisjoint(range(i, i + width)):
                    continue
                taken.update(range(i, i + width))
                outside = [k for k in range(i, i + width) if not i <= roles.head[k] < i + width]
                top = outside[0] if outside else i
                governed = (
                    [c.i for c in roles.tokens[top].children] if roles.role[top] == "case" else []
                )  # "without signing"
                if width == 1 and effect == "negated" and (apart := self._apart(i)):
                    self.excepted |= dict.fromkeys(apart, form)
                    continue
                self.effects.setdefault(governed[0] if governed else roles.head[top], []).append((effect, form, top))

    def _apart(self, i: int) -> range:
        """Return the tokens of a name or noun that a negation sets against another: "X, not Y", "but not from Y"."""
        tokens, lowered = self.roles.tokens, self.roles.lower
        if i == 0 or not (lowered[i - 1] == "," or tokens[i - 1].pos_ == "CCONJ"):
            return range(0)
        k = i + 1
        while k < len(tokens) and tokens[k].pos_ in ("ADP", "DET"):
            k += 1
        end = k
        while end < len(tokens) and tokens[end].pos_ == "PROPN":
            end += 1
        return range(k, end)

    def of(self, candidate: Candidate, through: frozenset[int] = frozenset()) -> Verdict:
        """Return the verdict on a candidate.

        `through` are the heads of other cues that say the same: what bears on "signing" bears on the agreement that is
        signed.
        """
        match, relation = candidate.match, ontology.load().relations[candidate.relation]
        verdict = Verdict(Factuality(match.cue.factuality), [], [], wish=bool(relation.prospect_of))
        if relation.binding:
            verdict.settled = self.language.words["pledging"]
            if relation.ends and self.language.words["conditional"].isdisjoint(self.roles.lower):
                verdict.settled |= self.language.words["future"]
        described = {match.head} if "self" in (*match.cue.subject, *match.cue.object) else set()
        nouns = match.tokens if relation.lasting and not relation.sign else described if relation.lasting else ()
        known = next((t for t in nouns if self._definite(t)), None)
        verdict.granted = known is not None
        verdict.spoken, verdict.voiced = relation.plover in SPOKEN, relation.plover in VOICED
        verdict.announced = relation.binding or relation.judges
        sides = candidate.subject.token, candidate.object.token
        return self.judge(match.head if known is None else known, match.tokens, verdict, through, sides)

    def _only_ahead(self, verdict: Verdict) -> bool:
        """Tell whether nothing makes a verdict less than certain but words for what is to come."""
        future = {f"{word}→possible" for word in self.language.words["future"]}
        return verdict.factuality is POSSIBLE and future.issuperset(verdict.trail)

    def _continuing(self, word: int) -> bool:
        """Tell whether a word says of what it embeds that it goes on."""
        roles, known = self.roles, self.language.words["continuing"]
        forms = {f"{roles.lemma(word)} {roles.lower[c]}" for c in roles.of(word, "particle")}
        return not known.isdisjoint(roles.words(word)) or not known.isdisjoint(forms)

    def _definite(self, head: int) -> bool:
        """Tell whether a noun describes somebody or something that the reader knows: "its ally X", "the border"."""
        roles, words = self.roles, self.language.words
        becomes = not words["linking"].isdisjoint(roles.words(roles.head[head]))
        noun = roles.tokens[head].pos_ in ("NOUN", "ADJ")  # a tagger may take "neighbour" for either
        if not noun or roles.role[head] not in DESCRIBING or becomes:
            return False
        if roles.marker[head] in words["role"]:
            return False  # "described as its ally"
        articles = words["article"] & words["demonstrative"]
        return bool(roles.of(head, "possessor")) or any(
            roles.lower[c] in articles for c in roles.of(head, "determiner")
        )

    def judge(
        self,
        head: int,
        cue: frozenset[int],
        verdict: Verdict | None = None,
        through: frozenset[int] = frozenset(),
        sides: Sequence[int] = (),
    ) -> Verdict:
        """Return the verdict on a cue whose head is a token, from what the cue says by itself.

        `sides` are the tokens of the two actors.
        """
        roles = self.roles
        verdict = verdict or Verdict(CERTAIN, [], [])
        self._none_of(cue, verdict)
        for side in sides:
            if side in self.excepted:
                verdict.apply("negated", self.excepted[side])
        seen: set[int] = set()
        here, inherited = head, False
        while here not in seen:
            seen.add(here)
            self._own_words(here, cue, verdict, inherited=inherited)
            if verdict.granted:
                break
            verdict.speakers += self._so_called(here)
            up, role = roles.head[here], roles.role[here]
            if up == here:
                self._asked(verdict)
                break
            if up in cue and role != "relative":
                here = up
                continue
            if role in ("complement", "parataxis", "coordinate", "adverbial") and self._divided(here, up):
                break
            if role == "coordinate":
                inherited, here = True, up
                continue
            inherited = False
            word, embedding = up, self._embedding(here, up, role)
            if embedding is None and role == "complement" and roles.lemma(up) in self.language.words["linking"]:
                for subject in roles.of(up, "subject"):  # "its position is that X left"
                    word, embedding = subject, self._embedding(here, subject, role)
            if embedding is not None and role != "relative":
                rebuffed = role in ("object", "subject-passive") and not self.language.words["rebuffing"].isdisjoint(
                    roles.words(up) + tuple(f"{roles.lemma(up)} {roles.lower[c]}" for c in roles.of(up, "particle"))
                )  # an application that is turned down was made
                if (verdict.wish and embedding.effect == "possible") or (rebuffed and (verdict.wish or verdict.spoken)):
                    here = up
                    continue
                verdict.goes_on |= embedding.effect == "certain" and self._continuing(up)
                if embedding.effect == "possible" and not verdict.settled.isdisjoint(roles.words(up)):
                    here = up
                    continue
                to_come = roles.purpose(here) and roles.tokens[here].tag_ != "VBN"  # not "claims to have hit"
                vowed = embedding.effect == "report" and to_come  # "swore to destroy" is no report
                plan = to_come and not (roles.passive(up) or roles.of(here, "subject") or roles.of(up, "object"))
                verdict.apply("possible" if vowed else embedding.effect, roles.lemma(word))
                if verdict.announced and embedding.speaker == "announcer" and self._only_ahead(verdict):
                    verdict.factuality, verdict.trail = CERTAIN, []
                if embedding.speaker and not (plan or vowed):  # who expects to leave makes no claim
                    speakers = (
                        self._speakers(word)
                        if embedding.speaker in ("agent", "announcer")
                        else roles.obliques(up, embedding.speaker)
                    )
                    verdict.speakers += speakers[:1]
                    if embedding.speaker == "announcer":
                        verdict.announcers.update(speakers[:1])
            elif role == "apposition" or (role == "relative" and not self.roles.purpose(here)):
                break
            elif role == "relative":  # "said it had plans to hit Y"
                self._told(up, verdict)
                break
            elif role == "adverbial":
                if not self.roles.purpose(here) or self._singled_out(up):
                    break
                if not (verdict.voiced and roles.tokens[up].tag_ == "VBD"):  # "took the floor to condemn X"
                    verdict.apply("possible", "purpose")
            elif not (up in through or self._continues(up, role) or roles.marker[here] in self.language.words["role"]):
                break  # "admit Y as a member" goes on
            here = up
        return verdict

    def _so_called(self, noun: int) -> list[int]:
        """Return who calls something what a noun names: "condemned what it called an invasion"."""
        roles, fused = self.roles, self.language.words["fused"]
        for verb in roles.of(noun, "relative"):
            clauses = [verb, *roles.of(verb, "complement")]
            if any(roles.lower[c] in fused for v in clauses for c in roles.of(v, "object", "subject")):
                return self._speakers(verb)[:1]
        return []

    def _singled_out(self, verb: int) -> bool:
        """Tell whether a clause says who was the first to do something: "became the first state to recognise it"."""
        named = [m for p in self.roles.of(verb, "predicate") for m in self.roles.of(p, "modifier")]
        return any(self.roles.lower[m] in self.language.words["singling"] for m in named)

    def _told(self, here: int, verdict: Verdict) -> None:
        """Note who reports the clause around a token, where nothing else of it bears on what stands below."""
        roles = self.roles
        seen: set[int] = set()
        while here not in seen and roles.head[here] != here and roles.role[here] not in ("relative", "apposition"):
            seen.add(here)
            up = roles.head[here]
            row = self._embedding(here, up, roles.role[here])
            if row is not None and row.effect == "report" and row.speaker == "agent":
                verdict.speakers += self._speakers(up)[:1]
            here = up

    def _none_of(self, cue: frozenset[int], verdict: Verdict) -> None:
        """Apply a negative determiner of a noun that belongs to a cue: "imposed no sanctions"."""
        roles = self.roles
        for token in sorted(cue):
            for effect, form, c in self.effects.get(token, ()):
                if effect == "negated" and roles.role[c] == "determiner" and c not in cue and roles.head[token] in cue:
                    verdict.apply(effect, form)
                    verdict.denials.add(c)
                    return

    def _asked(self, verdict: Verdict) -> None:
        """Make possible what a question asks that yes or no would answer: "Is Washington about to yield?"."""
        lower = self.roles.lower
        opened = next((w for w in lower if w.isalpha()), "")
        if "?" in lower[-2:] and opened in self.language.words["polar"] and verdict.factuality is CERTAIN:
            verdict.apply("possible", opened)

    def _divided(self, here: int, up: int) -> bool:
        """Tell whether a semicolon stands between two clauses: the one says nothing of the other."""
        first, last = sorted((here, up))
        return any(self.roles.lower[k] == ";" for k in range(first, last))

    def _speakers(self, word: int) -> list[int]:
        """Return who says what a word embeds: its agent, a noun's by-phrase, the noun beside a verb."""
        roles = self.roles
        if roles.tokens[word].tag_ == "VBN" and roles.role[word] == "adverbial" and not roles.of(word, "auxiliary"):
            return roles.of(word, "agent")  # "asked whether X had left, Y declined to say"
        if not roles.is_verb(word):
            return roles.agents(word) or roles.obliques(word, *self.language.words["agent"]) or [word]
        return speaking(roles, word) or ([] if roles.passive(word) else self._beside(word))

    def _beside(self, verb: int) -> list[int]:
        """Return the noun next to a reporting verb whose subject the parse has lost: "..., its envoy, X, says"."""
        doc = self.roles.doc
        for step in (-1, 1):
            k = verb + step
            while 0 <= k < len(doc) and (doc[k].is_punct or doc[k].pos_ in ("AUX", "ADV")):
                k += step
            if 0 <= k < len(doc) and doc[k].pos_ in ("NOUN", "PROPN", "PRON"):
                roles = self.roles
                while roles.role[k] == "oblique" and roles.tokens[roles.head[k]].pos_ == "NOUN" and roles.head[k] < k:
                    k = roles.head[k]  # "an official in Kabul said"
                return [k]
        return []

    def _own_words(self, i: int, cue: frozenset[int], verdict: Verdict, *, inherited: bool) -> None:
        """Apply the negations, modals and conjunctions that hang on a token, and the adjectives that qualify it."""
        roles = self.roles
        has_own = any(roles.role[c] in ("auxiliary", "negation") for c in roles.children[i])
        effects = []
        for effect, form, c in self.effects.get(i, ()):
            role = roles.role[c]
            if c in cue or role not in FUNCTION or c in verdict.denials:
                continue
            if inherited and (effect == "negated" or has_own or role == "mark"):
                continue  # "did not sign but backed": the second verb is not denied
            if role in ("case", "modifier", "conjunction", "other") and effect != "negated":
                continue
            linking = roles.tokens[i].pos_ == "AUX" or roles.lemma(i) in self.language.words["existing"]
            if c > i and (role == "case" or (effect == "negated" and not linking)) and role != "determiner":
                continue  # negation stands before what it denies, but for "is not"
            if role == "determiner" and effect == "negated":
                verdict.denials.add(c)
            effects.append((effect, form))
        if not inherited:  # "neither Paris nor London recognised it", "no state has left", "neither of the two left"
            for effect, form, c in self.effects.get(i, ()):
                nobody = roles.role[c] in ("subject", "subject-passive", "object")  # "signed nothing"
                if effect == "negated" and nobody and c not in cue:
                    effects.append((effect, form))
            for s in roles.of(i, "subject", "subject-passive"):
                for effect, form, c in self.effects.get(s, ()):
                    denies = effect == "negated" and roles.role[c] in ("determiner", "conjunction")
                    if denies and c not in cue and c not in verdict.denials:
                        verdict.denials.add(c)
                        effects.append((effect, form))
                        break  # "neither ... nor" denies once
        for effect, form in sorted(effects, key=lambda e: e[0] != "possible"):
            if form in verdict.settled or (verdict.wish and form in self.language.words["future"]):
                continue
            verdict.apply(effect, form, future=form in self.language.words["future"])
        for c in roles.of(i, "modifier", "predicate"):
            if c not in cue:
                self._quality(c, verdict)
        if not inherited and self._unreal(i):
            verdict.apply("negated", "inversion")
        up = roles.head[i]
        if roles.role[i] in ("subject", "clausal-subject", "subject-passive") and up != i:
            for c in (up, *roles.of(up, "predicate")):
                if c not in cue:
                    self._quality(c, verdict)
                    if roles.role[c] == "predicate":
                        for effect, form, where in self.effects.get(up, ()):
                            if (
                                effect == "negated"
                                and roles.role[where] in FUNCTION
                                and verdict.trail[-1:] != [f"{form}→negated"]
                            ):
                                verdict.apply(effect, form)

    def _unreal(self, i: int) -> bool:
        """Tell whether a clause supposes what was not so: "had" stands before its subject ("Had Rome joined")."""
        roles = self.roles
        subjects = roles.of(i, "subject", "subject-passive")
        return "?" not in roles.lower[-2:] and any(
            roles.lower[c] in self.language.words["unreal"] and any(c < s for s in subjects)
            for c in roles.of(i, "auxiliary")
        )

    def _quality(self, c: int, verdict: Verdict) -> None:
        """Apply a word that says of its noun that it is planned, untrue, unlikely."""
        if self.roles.tokens[c].pos_ not in ("ADJ", "VERB", "NOUN") or c in verdict.qualities:
            return
        verdict.qualities.add(c)
        words = self.roles.words(c)
        if self.roles.of(c, "object", "complement"):
            words = (self.roles.lemma(c),)  # "has denied the charge" does not say that its subject is denied
        for word in words:
            for row in self.language.embeddings.get(word, ()):
                if "self" in row.scope and row.effect in ("negated", "possible"):
                    verdict.apply(row.effect, word)
                    return

    def _embedding(self, here: int, up: int, role: str) -> Embedding | None:
        """Return the row of the table by which a word embeds what stands below it in a role."""
        roles = self.roles
        if roles.lower[up] != roles.lemma(up):  # "membenarkan" reports, "benar" does not
            for row in self.language.embeddings.get(roles.lower[up], ()):
                if row.effect == "report" and self._in_scope(here, role, row.scope):
                    return row
        for word in roles.words(up):
            for c in roles.of(up, "particle", "adverb", "object", "predicate", "complement"):
                for row in self.language.embeddings.get(f"{word} {roles.lower[c]}", ()):
                    if c != here and self._in_scope(here, role, row.scope):
                        return row
            for row in self.language.embeddings.get(word, ()):
                if self._in_scope(here, role, row.scope):
                    return row
        return None

    def _in_scope(self, here: int, role: str, scope: frozenset[str]) -> bool:
        roles = self.roles
        marker = roles.marker[here]
        if marker and (marker in scope or marker.split(" ")[-1] in scope):
            return True
        if role == "participle" and roles.passive(here):
            return False  # "a move criticised by X" tells of a move that was made
        if role == "predicate-object" and role in scope:
            return True  # "what it called an invasion"
        if "complement" in scope and role in ("complement", "participle", "clausal-subject", "parataxis"):
            return not marker or (roles.is_verb(here) and marker not in self.language.words["own_subject"])
        if (
            role in ("complement", "adverbial")
            and self.roles.purpose(here)
            and not scope.isdisjoint({"complement", "infinitive"})
        ):
            return True
        return "patient" in scope and role in ("object", "subject-passive")

    def _continues(self, up: int, role: str) -> bool:
        """Tell whether what governs a token bears on it although no table knows it."""
        if role in ("complement", "parataxis", "participle"):
            return True
        if role in ("subject", "clausal-subject"):  # "kabar bahwa ... tidak benar"
            rows = [row for word in self.roles.words(up) for row in self.language.embeddings.get(word, ())]
            if any("self" in row.scope and row.effect == "certain" for row in rows):
                return True
        verb = self.roles.lemma(up)
        forms = {verb, *(f"{verb} {self.roles.lower[c]}" for c in self.roles.of(up, "particle"))}
        if role == "predicate" and verb in self.language.words["linking"]:  # "could become a member"
            return True
        light = verb in self.language.words["existing"] or not forms.isdisjoint(self.language.support)
        return light and role in ("object", "subject", "subject-passive", "oblique", "predicate")
