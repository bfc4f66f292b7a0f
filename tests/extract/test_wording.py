"""Verbs that headlines shorten or that are rare, and what is parsed in their place."""

import pytest
import spacy

from kgraph.extract.wording import Wording, with_tree
from kgraph.language import load


def shown(text, *names, code="id"):
    places = [(text.index(name), text.index(name) + len(name)) for name in names]
    doc = spacy.blank(code)(text)
    other = Wording(load(code)).shown(doc, text, places)
    return None if other is None else other.text


@pytest.mark.parametrize(
    ("text", "names", "full"),
    [
        ("Iran Ancam Serang Israel", ("Iran", "Israel"), "Iran mengancam menyerang Israel"),
        ("Jepang Siap Kirim Dokter ke Nepal", ("Jepang", "Nepal"), "Jepang Siap mengirim Dokter ke Nepal"),
        ("Chile Jatuhkan Sanksi atas Peru", ("Chile", "Peru"), "Chile menjatuhkan Sanksi atas Peru"),  # a noun stays
    ],
)
def test_verbs_of_a_headline_are_in_full(text, names, full):
    assert shown(text, *names) == full


@pytest.mark.parametrize(
    ("text", "names", "code"),
    [
        ("Iran ancam Israel di depan parlemen.", ("Iran", "Israel"), "id"),  # no headline
        ("Warga Kota Serang Antre Minyak Goreng", (), "id"),  # a town
        ("Iran Kembali Mengancam Israel", ("Iran", "Israel"), "id"),
        ("Iran Threatens Israel Once More", ("Iran", "Israel"), "en"),
    ],
)
def test_other_texts_stay_as_they_are(text, names, code):
    assert shown(text, *names, code=code) is None


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("Mesir mengebom Libya pada April.", "Mesir menyerang Libya pada April."),
        ("Athena membantahnya.", "Athena menyerangnya."),
        ("Mesir menjatuhkan sanksi.", None),  # in "-kan", which stands in other constructions
        ("Mesir melihat laut.", None),  # heads no cue
    ],
)
def test_rare_verbs_are_shown_as_the_usual_one(text, other):
    assert shown(text) == other


def test_a_tree_is_carried_over():
    parser = spacy.blank("id")
    doc, other = parser("Iran Ancam Israel"), parser("Iran mengancam Israel")
    for token, head, dep in zip(other, (1, 1, 1), ("nsubj", "ROOT", "obj"), strict=True):
        token.head, token.dep_, token.pos_ = other[head], dep, "PROPN" if token.i != 1 else "VERB"
    with_tree(doc, other)
    assert [(t.text, t.head.text, t.dep_, t.pos_) for t in doc] == [
        ("Iran", "Ancam", "nsubj", "PROPN"),
        ("Ancam", "Ancam", "ROOT", "VERB"),
        ("Israel", "Ancam", "obj", "PROPN"),
    ]
