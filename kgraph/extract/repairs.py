"""What parsers get wrong often, put right before roles are read: the roles and governors of a sentence's tokens."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kgraph.extract.roles import Roles

__all__ = ["repair"]

CLAUSES = ("adverbial", "coordinate")  # roles of the verb in "as does Vietnam", "and so has Poland"


def repair(roles: "Roles") -> None:
    """Mend the roles and governors of tokens; nobody's children are known yet."""
    _compounds(roles)
    _nouns_as_verbs(roles)
    _having(roles)
    _verbs_as_participles(roles)
    _subjects_swallowed(roles)
    _mend(roles)
    _joined_by(roles)
    _relatives(roles)
    _two_with_their_states(roles)
    _claims_denied(roles)
    _so_called(roles)
    _meanwhile(roles)
    _agents_far_off(roles)
    _ellipses(roles)


def _mend(roles: "Roles") -> None:
    """Undo what parsers get wrong often: "X and Y, rivals for years, met", "The League sides with Y"."""
    doc = roles.tokens
    for i, role in enumerate(roles.role):
        top = roles.head[i]
        noun = top != i and doc[top].pos_ in ("NOUN", "PROPN")
        if role.startswith("subject") and roles.role[top] in ("auxiliary", "passive") and roles.head[top] != top:
            roles.head[i] = roles.head[top]  # "Egypt and Qatar are mediating"
        elif role == "subject" and noun and roles.role[top] == "subject" and i < top:
            if not any(roles.role[c] in ("copula", "auxiliary") for c in range(len(doc)) if roles.head[c] == top):
                roles.role[i], roles.head[i] = "subject", roles.head[top]
                roles.role[top], roles.head[top] = "apposition", i
        elif role == "subject" and i and doc[i].pos_ == "PROPN" and _second(roles, i):
            roles.role[i], roles.head[i] = "apposition", i - 1  # "Trade between Peru and its neighbour Bolivia grew"
        elif role == "subject" and doc[i].pos_ == "NOUN" and (name := _between_commas(roles, i)) is not None:
            roles.role[i], roles.head[i] = "apposition", name  # "China, its only ally, urged calm"
        elif role == "apposition" and doc[top].pos_ == "VERB" and i > top:
            roles.role[i] = "object"
        elif role == "adverbial" and roles.role[i - 1] == "particle" and roles.head[i - 1] == top < i:
            roles.role[i] = "complement"  # "ruled out attacking Thailand"
        elif role == "adverb" and top < i and doc[i].text[:1].isupper() and doc[top].pos_ == "VERB":
            roles.role[i] = "object"  # a name that the tagger does not know: "gave up Bakhmut"
        elif role in ("modifier", "adverb", "other") and _subject_lost(roles, i, top):  # "Azerbaijan exports gas"
            roles.role[i] = "subject"
        elif role == "coordinate" and doc[i].pos_ == "NOUN" and (name := _described_before(roles, i)) is not None:
            for k in range(i + 1, len(doc)):  # "Tirana, the Albanian capital, and Skopje"
                if roles.head[k] == i and roles.role[k] in ("coordinate", "conjunction"):
                    roles.head[k] = name
            roles.role[i], roles.head[i] = "apposition", name
        elif role == "coordinate" and doc[i].pos_ == "NOUN" and (thing := _object_before(roles, i)):
            roles.head[i] = thing  # "bought French radars last year and Indian howitzers"
        elif role == "coordinate" and doc[i].pos_ == "NOUN" and _explains(roles, i):
            roles.role[i] = "apposition"  # "Zambia, tetangga Angola, ..."
        elif role == "oblique" and roles.marker[top] in roles.known["rate"]:
            roles.head[i] = roles.clause(top)  # "sells 300,000 barrels a day to China"
        elif role == "oblique" and (first := _joined(roles, i)) is not None:
            roles.role[i], roles.head[i] = "coordinate", first  # "Lithuania, together with Poland,"
        elif role == "object" and top < i and roles.lemma(top) in roles.known["giving"]:
            objects = ("object", "apposition")
            second = any(roles.role[c] in objects and roles.head[c] == top for c in range(i + 1, len(doc)))
            roles.role[i] = "recipient" if second else role  # "handed the envoy a note"
    if not any(t.pos_ in ("VERB", "AUX") for t in doc):
        _verbless(roles)


def _two_with_their_states(roles: "Roles") -> None:
    """Coordinate two who are each named with a state: "Armenia's Pashinyan and Azerbaijan's Aliyev signed"."""
    for state, role in enumerate(roles.role):
        one = roles.head[state]
        two = roles.head[one]
        marked = roles.lower[state + 1 : state + 2]
        listed = role == "coordinate" and roles.role[one] == "modifier" and one < state < two
        if not listed or not roles.known["genitive"].issuperset(marked) or not roles.role[two].startswith("subject"):
            continue
        for k in range(two):
            if roles.head[k] == two and k < one:
                roles.head[k] = one
            elif roles.head[k] == one and roles.role[k] == "conjunction":
                roles.head[k] = two
        roles.role[one], roles.head[one] = roles.role[two], roles.head[two]
        roles.role[two], roles.head[two] = "coordinate", one
        roles.role[state], roles.head[state] = "possessor", two


def _claims_denied(roles: "Roles") -> None:
    """Put the claim above the verb that denies it, not below: "X accuses Y of theft, a charge Y denies"."""
    for i, role in enumerate(roles.role):
        verb = roles.head[i]
        if role != "complement" or verb <= i:
            continue
        claim = next((k for k in range(i + 1, verb) if roles.lemma(k) in roles.known["claim"]), 0)
        if claim and "," in (roles.lower[claim - 1], roles.lower[claim - 2]) and roles.role[verb] == "root":
            roles.role[i], roles.head[i] = "root", i
            roles.role[claim], roles.head[claim] = "apposition", i
            roles.role[verb], roles.head[verb] = "relative", claim


def _so_called(roles: "Roles") -> None:
    """Let a noun stand for "what it called" it: "strikes on what it called hideouts", "hit what it said were bases"."""
    for i, role in enumerate(roles.role):
        naming = roles.head[i]
        if roles.lower[i] not in roles.known["fused"] or not i < naming or roles.role[naming] != "complement":
            continue
        after = [k for k in range(naming + 1, len(roles.role)) if roles.head[k] == naming]
        if role == "object":
            named = [k for k in after if roles.role[k] == "predicate-object" or roles.marker[k] in roles.known["role"]]
            above = naming
        else:
            named = [k for k in after if roles.role[k] == "predicate"] if role == "subject" else []
            above = roles.head[naming]
        if not named or roles.role[above] != "complement" or not roles.head[above] < i:
            continue
        noun = named[0]
        marker = roles.marker[above]
        roles.role[noun], roles.head[noun] = "oblique" if marker else "object", roles.head[above]
        roles.marker[noun], roles.marker[above] = marker, ""
        roles.role[above], roles.head[above] = "relative", noun
        for k in after:
            if k > noun:
                roles.head[k] = noun


def _between_commas(roles: "Roles", i: int) -> int | None:
    """Return the name before a noun between commas that is called a subject beside it, None without one."""
    first = i
    while first and roles.head[first - 1] == i:
        first -= 1
    name = first - 2
    both = name >= 0 and roles.role[name] == "subject" and roles.head[name] == roles.head[i]
    return name if both and roles.lower[first - 1] == "," and roles.tokens[name].pos_ == "PROPN" else None


def _object_before(roles: "Roles", i: int) -> int | None:
    """Return the object of the verb that a noun is coordinated with, None where it has none before the noun."""
    verb = roles.head[i]
    objects = [k for k in range(verb + 1, i) if roles.head[k] == verb and roles.role[k] == "object"]
    return objects[-1] if objects and roles.tokens[verb].pos_ == "VERB" else None


def _second(roles: "Roles", i: int) -> bool:
    """Tell whether a name is called a subject although its verb has one and a noun stands right before the name."""
    verb, noun = roles.head[i], roles.tokens[i - 1].pos_ == "NOUN"
    if noun and roles.role[i - 1] == "subject" and roles.head[i - 1] == verb:
        return any(roles.head[k] == i - 1 and roles.role[k] == "possessor" for k in range(i - 1))  # "Russia's ally X"
    before = any(roles.head[k] == verb and roles.role[k] == "subject" for k in range(i - 1))
    return before and noun and roles.role[i - 1] in ("coordinate", "oblique")


def _explains(roles: "Roles", i: int) -> bool:
    """Tell whether a noun that is coordinated with the name before it says who that is: there is no conjunction."""
    top = roles.head[i]
    listed = {i, *(k for k, role in enumerate(roles.role) if role == "coordinate" and roles.head[k] == top)}
    joined = any(role == "conjunction" and roles.head[k] in listed for k, role in enumerate(roles.role))
    return roles.tokens[top].pos_ == "PROPN" and top < i and roles.lower[i - 1] == "," and not joined


def _described_before(roles: "Roles", i: int) -> int | None:
    """Return the name before a noun that stands between commas, although a parse lists them, None without one."""
    first = i
    while first and roles.head[first - 1] == i and roles.role[first - 1] in ("determiner", "modifier", "possessor"):
        first -= 1
    last = i
    while last + 1 < len(roles.tokens) and _under(roles, last + 1, i):
        last += 1
    name = first - 2
    if first < 2 or roles.lower[first - 1] != "," or roles.tokens[name].pos_ != "PROPN" or name == i:
        return None
    listed = roles.role[name] == "coordinate" and roles.head[name] == roles.head[i]
    closed = last + 1 < len(roles.tokens) and roles.lower[last + 1] == ","
    return name if closed and (listed or name == roles.head[i]) else None


def _under(roles: "Roles", k: int, noun: int) -> bool:
    """Tell whether a token belongs to a noun, other than as one that is coordinated with it."""
    while roles.head[k] not in (k, noun):
        k = roles.head[k]
    return roles.head[k] == noun and k != noun and roles.role[k] not in ("coordinate", "conjunction", "punctuation")


def _meanwhile(roles: "Roles") -> None:
    """Hang what is done while speaking on the report, not on the quote: "..., ucapnya, seraya menolak tawaran"."""
    for i, role in enumerate(roles.role):
        top = roles.head[i]
        if role == "adverbial" and top < i and not roles.known["meanwhile"].isdisjoint(roles.lower[i - 2 : i]):
            reports = (k for k in range(i - 1, top, -1) if roles.role[k] == "parataxis" and roles.head[k] == top)
            roles.head[i] = next(reports, top)


def _subject_lost(roles: "Roles", i: int, verb: int) -> bool:
    """Tell whether a name is the subject of a finite verb after it: it stands before it or opens the sentence."""
    finite = roles.tokens[verb].tag_ in ("VBZ", "VBP", "VBD") or any(
        roles.head[k] == verb and roles.tokens[k].tag_ in ("VBZ", "VBP", "VBD") and roles.role[k] == "auxiliary"
        for k in range(verb)
    )
    name = roles.tokens[i].pos_ in (("INTJ", "X") if roles.role[i] == "adverb" else ("PROPN",))
    apart = i == 0 and roles.lower[1:2] == [","]  # "Cairo, at odds with Addis Ababa, has backed Mogadishu"
    first = i + 1 == verb or apart if roles.role[i] == "modifier" else i == 0
    known = any(roles.head[k] == verb and roles.role[k].startswith("subject") for k in range(verb))
    return name and finite and first and not known


def _joined(roles: "Roles", i: int) -> int | None:
    """Return the name with which a preposition joins another that it hangs on it or on its verb, None without one."""
    *before, last = roles.marker[i].split(" ")
    top = roles.head[i]
    alike = last in roles.known["alike"]
    if not (alike or last in roles.known["with"]) or roles.tokens[i].pos_ != "PROPN":
        return None
    if roles.tokens[top].pos_ == "VERB":
        subjects = [k for k in range(min(i, top)) if roles.role[k] == "subject" and roles.head[k] == top]
        top = subjects[-1] if subjects and i < top else i
    case = next((k for k in range(i - 1, top, -1) if roles.lower[k] == last), top)
    joining = alike or not roles.known["joining"].isdisjoint(before or roles.lower[case - 1 : case])
    named = roles.tokens[top].pos_ in ("PROPN", "NOUN")
    apart = roles.lower[case - 1] == "," if alike else top < case - 1
    return top if named and joining and apart and top < case else None


def _joined_by(roles: "Roles") -> None:
    """Coordinate who did the same with a subject: "Canada, joined by Norway, condemned Russia"."""
    for i, role in enumerate(roles.role):
        verb = roles.head[i]
        if role != "agent" or roles.known["joined"].isdisjoint(roles.words(verb)):
            continue
        top = roles.head[verb]
        if roles.role[verb] == "adverbial" and verb < top:
            subjects = [k for k in range(verb) if roles.role[k] == "subject" and roles.head[k] == top]
            top = subjects[-1] if subjects else top
        if top < verb and roles.lower[verb - 1] == "," and roles.role[verb] in ("adverbial", "participle"):
            roles.role[i], roles.head[i] = "coordinate", top


def _relatives(roles: "Roles") -> None:
    """Hang relative clauses on what they describe: "by Angola, to which it sells water", "It was Oslo that spoke"."""
    for i, word in enumerate(roles.lower):
        if word not in roles.known["relative"] or i < 2:
            continue
        verb, noun = roles.head[i], i - 3
        fronted = roles.marker[i] and roles.role[verb] == "adverbial" and i > 2 and roles.lower[i - 2] == ","
        if fronted and i < verb and roles.tokens[noun].pos_ in ("PROPN", "NOUN"):
            roles.role[verb], roles.head[verb] = "relative", noun
        cleft = roles.role[i] == "subject" and roles.role[verb] == "complement" and roles.role[i - 1] == "predicate"
        if cleft and roles.tokens[i - 1].pos_ == "PROPN" and roles.head[i - 1] == roles.head[verb]:
            roles.role[verb], roles.head[verb] = "relative", i - 1


def _compounds(roles: "Roles") -> None:
    """Make one noun of two that a hyphen joins and that are both called subjects: "Lebanon's vice-president flew"."""
    for i in range(1, len(roles.tokens) - 1):
        first, last = i - 1, i + 1
        joined = roles.lower[i] == "-" and not roles.tokens[i].whitespace_ and not roles.tokens[first].whitespace_
        if joined and roles.role[first] == roles.role[last] == "subject" and roles.head[first] == roles.head[last]:
            for k in range(i):
                roles.head[k] = last if roles.head[k] == first else roles.head[k]
            roles.role[first], roles.role[i] = "modifier", "punctuation"
            roles.head[first] = roles.head[i] = last


def _having(roles: "Roles") -> None:
    """Read a participle after "having" as the verb of its clause: "Having annexed Crimea, Russia sent troops"."""
    for i, word in enumerate(roles.lower[:-1]):
        verb, noun = i + 1, roles.head[i + 1]
        wrong = roles.role[verb] == "modifier" and roles.tokens[verb].tag_ == "VBN" and roles.head[noun] == i
        if word in roles.known["having"] and wrong and roles.role[noun] == "object":
            roles.role[verb], roles.head[verb] = roles.role[i], roles.head[i] if roles.head[i] != i else verb
            roles.role[i], roles.head[i] = "auxiliary", verb
            roles.head[noun] = verb
            roles.tokens[verb].pos_, roles.tokens[verb].tag_ = "VERB", "VBD"


def _nouns_as_verbs(roles: "Roles") -> None:
    """Read what is both the subject of a verb and has one as the noun that it is: "Iran and Iraq, rivals, met"."""
    for top, token in enumerate(roles.tokens):
        verb = roles.head[top]
        if token.tag_ != "VBZ" or roles.role[top] != "subject" or roles.tokens[verb].pos_ not in ("VERB", "AUX"):
            continue
        token.pos_, token.tag_ = "NOUN", "NNS"
        for i in [k for k, head in enumerate(roles.head) if head == top]:
            if roles.role[i] == "object":
                roles.role[i] = "apposition"  # "its neighbours Latvia and Lithuania"
            elif roles.role[i] == "subject" and i < top:
                listed = "," not in roles.lower[i + 1 : top]
                roles.head[i], roles.head[top] = verb, i
                roles.role[top] = "coordinate" if listed else "apposition"
                if listed and roles.role[top - 1] == "coordinate":
                    roles.role[top - 1] = "modifier"
                    for k in range(i + 1, top):
                        roles.head[k] = top if k == top - 1 or roles.head[k] == top - 1 else roles.head[k]


def _verbs_as_participles(roles: "Roles") -> None:
    """Read a participle with an object as the verb of a noun that has none: "A Saudi-led coalition bombed Yemen"."""
    for verb, token in enumerate(roles.tokens):
        noun = roles.head[verb]
        if roles.role[verb] != "participle" or token.tag_ not in ("VBN", "VBD") or roles.head[noun] != noun:
            continue
        if roles.tokens[noun].pos_ not in ("NOUN", "PROPN") or not noun < verb:
            continue
        objects = [k for k in range(verb + 1, len(roles.tokens)) if roles.head[k] == verb and roles.role[k] == "object"]
        if not objects or roles.lemma(verb) in roles.known["giving"]:
            continue
        token.tag_ = "VBD"
        for k in range(verb + 1, len(roles.tokens)):
            if roles.head[k] == noun:
                roles.head[k] = verb
        roles.role[verb], roles.head[verb] = "root", verb
        roles.role[noun], roles.head[noun] = "subject", verb


def _subjects_swallowed(roles: "Roles") -> None:
    """Give a verb its subject back that a list before it has swallowed: "After talks with Iran, Iraq said"."""
    for i, role in enumerate(roles.role):
        first = roles.head[i]
        if role not in ("coordinate", "apposition") or roles.tokens[i].pos_ != "PROPN" or not 0 < first < i:
            continue
        start = i
        while start and roles.head[start - 1] == i and roles.role[start - 1] in ("modifier", "determiner"):
            start -= 1
        linked = roles.tokens[start - 1].pos_ == "CCONJ"  # "on Russian banks and Britain followed suit"
        if not linked and (
            roles.lower[start - 1] != "," or any(roles.role[k] == "conjunction" for k in range(first, i))
        ):
            continue
        rest = [k for k in range(i + 1, len(roles.tokens)) if roles.head[k] in (first, i)]
        others = [k for k in rest if roles.role[k] == "coordinate" and roles.tokens[k].pos_ == "PROPN"]
        verb = max(others, default=i) + 1
        while verb < len(roles.tokens) and roles.role[verb] in ("auxiliary", "passive", "adverb", "negation"):
            verb = roles.head[verb]
        finite = verb < len(roles.tokens) and roles.tokens[verb].pos_ in ("VERB", "AUX") and verb > i
        main = finite and (roles.role[verb] == "coordinate" if linked else roles.head[verb] == verb)
        if main and not _has_subject(roles, verb):
            roles.role[i], roles.head[i] = "subject", verb
            for k in rest:  # "In talks mediated by Qatar, Israel and Hamas agreed"
                roles.head[k] = i
    for verb, token in enumerate(roles.tokens):  # "In the small hours of Thursday Russian columns crossed"
        i, finite = verb - 1, token.tag_ in ("VBD", "VBZ", "VBP") and roles.head[verb] == verb
        name = i > 0 and roles.role[i] == "oblique" and roles.tokens[i].pos_ in ("NOUN", "PROPN")
        if finite and name and not _has_subject(roles, verb):
            roles.role[i], roles.head[i], roles.marker[i] = "subject", verb, ""


def _has_subject(roles: "Roles", verb: int) -> bool:
    return any(head == verb and roles.role[k].startswith("subject") for k, head in enumerate(roles.head))


def _agents_far_off(roles: "Roles") -> None:
    """Hang a by-phrase that stands under a time or a place on the passive: "recognised within hours by Sudan"."""
    for i, role in enumerate(roles.role):
        noun = roles.head[i]
        if role != "oblique" or roles.marker[i] not in roles.known["agent"] or noun == i:
            continue
        before = next((k for k in range(i - 1, noun, -1) if roles.lower[k] == roles.marker[i]), i) - 1
        if roles.tokens[noun].tag_ == "VBN" and roles.role[before] == "conjunction":
            roles.role[i] = "agent"  # "recognised by Algeria, whose army is small, and by Madagascar"
            continue
        own = noun
        while roles.role[noun] == "coordinate" and roles.tokens[noun].pos_ == "NOUN":  # "on all sides but the sea by"
            noun = roles.head[noun]
        verb = roles.head[noun]
        if roles.role[noun] != "oblique" or verb == noun or roles.tokens[noun].pos_ != "NOUN":
            continue
        if roles.tokens[verb].tag_ != "VBN" or not roles.language.acts.keys().isdisjoint(roles.words(own)):
            continue  # "hit in a raid by Israel"
        if not any(roles.head[k] == verb and roles.role[k] == "agent" for k in range(len(roles.tokens))):
            roles.head[i], roles.role[i] = verb, "agent"


def _ellipses(roles: "Roles") -> None:
    """Let a verb that stands for another one share its subject: "Taipei claims the islands, as does Vietnam"."""
    for i, word in enumerate(roles.lower):
        verb = roles.head[i]
        if word not in roles.known["standing_in"] or verb == i or not i or roles.role[i] not in CLAUSES:
            continue
        if roles.lower[i - 1] not in roles.known["likewise"]:
            continue
        own = [k for k, head in enumerate(roles.head) if head == i and roles.role[k] == "subject" and k > i]
        theirs = [k for k, head in enumerate(roles.head) if head == verb and roles.role[k].startswith("subject")]
        if len(own) == 1 and theirs:
            roles.head[own[0]], roles.role[own[0]] = theirs[0], "coordinate"


def _verbless(roles: "Roles") -> None:
    """Read a noun at the root of a sentence without a verb as one if its form allows ("Laos borders China")."""
    root = next(t for t in roles.tokens if t.head.i == t.i)
    named = [c for c in root.children if c.i < root.i and any(t.pos_ == "PROPN" for t in (c, *c.children))]
    after = root.i + 1 < len(roles.doc) and not roles.tokens[root.i + 1].is_punct
    if root.pos_ != "NOUN" or not named or not root.text.islower() or not after:
        return
    root.pos_ = "VERB"
    for c in root.children:
        if c.i == named[-1].i or (c.pos_ == "PROPN" and c.i > root.i):
            roles.role[c.i] = "subject" if c.i < root.i else "object" if not roles.marker[c.i] else roles.role[c.i]
