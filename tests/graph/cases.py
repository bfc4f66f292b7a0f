"""Documents and evidence that are made up for tests: a hand-made graph whose answers are known, and random ones."""

from datetime import date

from hypothesis import strategies as st

from kgraph import ontology
from kgraph.graph import ActorLabels, Graph
from kgraph.model import Document, Evidence, Factuality, Span

LABELS = {
    "country:KAZ": ActorLabels({"en": "Kazakhstan", "id": "Kazakhstan"}, "Q232"),
    "country:RUS": ActorLabels({"en": "Russia", "id": "Rusia"}, "Q159"),
    "country:ARM": ActorLabels({"en": "Armenia", "id": "Armenia"}, "Q399"),
    "org:EAEU": ActorLabels({"en": "Eurasian Economic Union", "id": "Uni Ekonomi Eurasia"}),
}


def document(name, day=None, text=None, **more):
    return Document(name, text or f"The text of {name}.", day and date.fromisoformat(day), **more)


def evidence(doc, subject, relation, object_, factuality="certain", place=0, **more):
    start = place * 100
    return Evidence(
        document=doc.id,
        subject=subject,
        relation=relation,
        object=object_,
        factuality=Factuality(factuality),
        sentence=Span(start, start + 60),
        subject_span=Span(start, start + 5),
        cue_span=Span(start + 10, start + 15),
        object_span=Span(start + 20, start + 25),
        quote=more.pop("quote", f"{doc.id} says: {subject} {relation} {object_}."),
        rule=more.pop("rule", f"{relation}/1"),
        confidence=more.pop("confidence", 0.8),
        **more,
    )


def known():
    """Return documents with evidence, and what the tests expect of them is known by hand."""
    a = document("astana/1", "2022-06-16", language="en", url="https://example.org/a?b=1&c", title="Allies & friends")
    b = document("jakarta-2", "2022-09-01", language="id", title="Sekutu")
    c = document("c", "2023-03-05", language="en")
    d = document("d ü#", "2024-02-01", language="en")
    e = document("undated")
    return [
        (
            a,
            [
                evidence(a, "country:KAZ", "member_of", "org:EAEU", when="2014-05", confidence=0.9),
                evidence(a, "country:RUS", "ally_of", "country:KAZ", place=1, agent="person:vladimir-putin"),
                evidence(a, "country:ARM", "member_of", "org:EAEU", place=2),
                evidence(a, "country:RUS", "member_of", "org:EAEU", place=3),
                evidence(a, "country:USA", "sanctions", "country:RUS", place=4, when="2022-02-24/.."),
            ],
        ),
        (
            b,
            [
                evidence(b, "country:KAZ", "member_of", "org:EAEU", confidence=0.7),
                evidence(b, "country:KAZ", "left", "org:CSTO", "negated", place=1, attributed_to="country:KAZ"),
                evidence(b, "country:KAZ", "left", "org:EAEU", "negated", place=2, attributed_to="country:KAZ"),
                evidence(b, "country:KAZ", "consults_with", "country:RUS", place=3, when="2022-08-30"),
                evidence(b, "person:kassym-jomart-tokayev", "head_of_state_of", "country:KAZ", place=4),
            ],
        ),
        (
            c,
            [
                evidence(c, "country:MDA", "member_of", "org:CIS"),
                evidence(c, "country:RUS", "attacks", "country:UKR", place=1, when="2022-02-24"),
                evidence(c, "country:RUS", "attacks", "country:UKR", "negated", 2, attributed_to="country:RUS"),
                evidence(c, "country:ARM", "ally_of", "country:RUS", place=3),
                evidence(c, "country:UKR", "at_war_with", "country:RUS", place=4, when="2022-02-24/.."),
            ],
        ),
        (
            d,
            [
                evidence(d, "country:MDA", "left", "org:CIS", when="2023-11"),
                evidence(d, "country:UKR", "candidate_of", "org:EU", place=1),
                evidence(d, "country:IRN", "party_to", "treaty:npt", place=2),
                evidence(d, "country:BLR", "ally_of", "country:RUS", place=3),
                evidence(d, "country:BLR", "at_war_with", "country:RUS", "certain", 4),
            ],
        ),
        (e, [evidence(e, "country:CHN", "partner_of", "country:RUS", quote='Tab\there, "quote", <b>&amp; Ж\r\nend')]),
    ]


def filled(items, path=None):
    graph = Graph.open(path)
    for doc, found in items:
        graph.add(doc, found, LABELS)
    return graph


ACTORS = {
    "country": ["country:KAZ", "country:RUS", "country:UKR"],
    "org": ["org:EAEU", "org:CIS"],
    "person": ["person:a-b"],
    "group": ["group:hamas"],
    "company": ["company:gazprom"],
    "place": ["place:crimea"],
    "treaty": ["treaty:npt"],
}
DAYS = st.dates(date(2000, 1, 1), date(2029, 12, 31))
WHENS = st.one_of(
    st.none(),
    st.sampled_from(["2014", "2014-03", "2014-03-18", "2010/2014", "2014/..", "../2013", "2020-02"]),
)
TEXTS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=30)


@st.composite
def pieces(draw, doc):
    relation = draw(st.sampled_from(list(ontology.load().relations.values())))
    subject = draw(st.sampled_from([a for kind in sorted(relation.subject_kinds) for a in ACTORS[kind]]))
    objects = [a for kind in sorted(relation.object_kinds) for a in ACTORS[kind] if a != subject]
    place = draw(st.integers(0, 3))
    return evidence(
        doc,
        subject,
        relation.id,
        draw(st.sampled_from(objects)),
        draw(st.sampled_from(["certain", "certain", "negated", "possible"])),
        place,
        quote=f"sentence {place} of {doc.id}",
        when=draw(WHENS),
        attributed_to=draw(st.sampled_from([None, "country:KAZ", "org:EAEU"])),
        agent=draw(st.sampled_from([None, "person:a-b"])),
        confidence=draw(st.sampled_from([0, 0.5, 0.123456, 1.0])),
    )


@st.composite
def libraries(draw):
    """Draw a list of documents, each with evidence; some texts are copies of each other."""
    names = draw(st.lists(TEXTS, min_size=1, max_size=6, unique=True))
    wire = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    result = []
    for name in names:
        text = draw(st.sampled_from([f"Text of {name}", wire, wire + " sixteen", wire + " again and again"]))
        doc = Document(name, text, draw(st.none() | DAYS), draw(st.sampled_from([None, "en", "id"])))
        result.append((doc, draw(st.lists(pieces(doc), max_size=5))))
    return result
