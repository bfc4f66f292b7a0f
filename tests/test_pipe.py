"""kgraph inside a spaCy pipeline."""

from datetime import date

import spacy

from kgraph.language import load


def test_a_document_carries_its_statements():
    nlp = spacy.load(load("en").pipeline())
    nlp.add_pipe("kgraph")
    doc = nlp.make_doc("Armenia is a member of the CSTO. Kazakhstan signed an agreement with Russia on Wednesday.")
    doc._.date = date(2022, 6, 16)
    doc = nlp(doc)
    found = {(s.subject, s.relation, s.object): s for s in doc._.statements}
    assert ("country:ARM", "member_of", "org:CSTO") in found
    agreed = found["country:KAZ", "agrees_with", "country:RUS"]
    (evidence,) = agreed.evidence
    assert evidence.when == "2022-06-15"
    assert (
        evidence.sentence.of(doc.text) == evidence.quote == "Kazakhstan signed an agreement with Russia on Wednesday."
    )
