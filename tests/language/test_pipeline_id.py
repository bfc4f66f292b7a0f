"""The Indonesian pipeline by itself, as any spaCy user would load it."""

from functools import cache
from pathlib import Path

import pytest
import spacy

import kgraph

FOLDER = Path(kgraph.__file__).parent / "language" / "id" / "pipeline"

LIST = (
    "Mongolia belum masuk Organisasi Kerja Sama Shanghai (SCO), Uni Ekonomi Eurasia (EAEU) dan Organisasi Traktat "
    "Keamanan Kolektif (CSTO)."
)


@cache
def pipeline():
    return spacy.load(FOLDER)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("negara-negara Barat", ["negara-negara", "Barat"]),
        ("hubungan Rusia-Kazakhstan", ["hubungan", "Rusia", "-", "Kazakhstan"]),
        ("Presiden Kassym-Jomart Tokayev", ["Presiden", "Kassym-Jomart", "Tokayev"]),
        ("negaranya menolak", ["negaranya", "menolak"]),
        ("pada Rabu (15/6).", ["pada", "Rabu", "(", "15/6", ")", "."]),
        ("KTT ke-43 ASEAN", ["KTT", "ke-43", "ASEAN"]),
        ("sekutu-sekutunya", ["sekutu-sekutunya"]),
        ("Jend. Andika", ["Jend.", "Andika"]),
        ("tahun 1990-an", ["tahun", "1990-an"]),
        ("anti-Rusia", ["anti", "-", "Rusia"]),
    ],
)
def test_tokens(text, tokens):
    assert [t.text for t in pipeline().make_doc(text)] == tokens


@pytest.mark.parametrize(
    ("text", "lemmas"),
    [
        ("Mereka menandatangani perjanjian.", {"menandatangani": "tanda tangan", "perjanjian": "janji"}),
        ("Pasukannya ditarik dari perbatasan.", {"Pasukannya": "pasukan", "ditarik": "tarik", "perbatasan": "batas"}),
        ("Negara-negara itu membantah.", {"Negara-negara": "negara", "membantah": "bantah"}),
        ("Rusia menyerang kota itu.", {"Rusia": "Rusia", "menyerang": "serang"}),
        ("Ia telah pergi setelah kalah.", {"telah": "telah", "setelah": "setelah"}),
    ],
)
def test_lemmas(text, lemmas):
    assert {t.text: t.lemma_ for t in pipeline()(text) if t.text in lemmas} == lemmas


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        (
            LIST,
            [
                ("Mongolia", "GPE"), ("Organisasi Kerja Sama Shanghai", "ORG"), ("SCO", "ORG"),
                ("Uni Ekonomi Eurasia", "ORG"), ("EAEU", "ORG"), ("Organisasi Traktat Keamanan Kolektif", "ORG"),
                ("CSTO", "ORG"),
            ],
        ),
        ("Dua kapal melintasi Laut China Selatan.", [("Laut China Selatan", "LOC")]),
        (
            "Uni Afrika (UA) dan Uni Eropa (UE) sepakat.",
            [("Uni Afrika", "ORG"), ("UA", "ORG"), ("Uni Eropa", "ORG"), ("UE", "ORG")],
        ),
        ("Presiden Kassym-Jomart Tokayev tiba di Moskow.", [("Kassym-Jomart Tokayev", "PERSON"), ("Moskow", "GPE")]),
        ("Presiden Rusia Vladimir Putin menolak usul itu.", [("Rusia", "GPE"), ("Vladimir Putin", "PERSON")]),
        (
            "Menlu RI Retno Marsudi bertemu Menlu Malaysia Saifuddin Abdullah.",
            [("Retno Marsudi", "PERSON"), ("Saifuddin Abdullah", "PERSON")],
        ),
    ],
)  # fmt: skip
def test_entities_come_out_whole(text, entities):
    kinds = {label for _, label in entities}
    assert [(e.text, e.label_) for e in pipeline()(text).ents if e.label_ in kinds] == entities


def test_an_acronym_hangs_on_the_name_that_it_stands_for():
    doc = pipeline()("Mongolia belum masuk Organisasi Kerja Sama Shanghai (SCO) dan Uni Ekonomi Eurasia (EAEU).")
    links = {t.text: t.head.text for t in doc if t.dep_ == "appos"}
    assert links == {"SCO": "Organisasi", "EAEU": "Uni"}


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Presiden Rusia Vladimir Putin menolak usul itu.", "Presiden"),
        ("Menlu RI Retno Marsudi menolak usul itu.", "Menlu"),
    ],
)
def test_a_name_hangs_on_its_title(text, title):
    doc = pipeline()(text)
    (person,) = (e for e in doc.ents if e.label_ == "PERSON")
    assert person.root.head.text == title
    assert person.root.head.dep_ == "nsubj"


@pytest.mark.parametrize(
    ("text", "arcs"),
    [
        (
            "Serangan itu dikecam oleh pemerintah Turki.",
            {("Serangan", "nsubj:pass", "dikecam"), ("pemerintah", "obl:agent", "dikecam")},
        ),
        ("Kazakhstan menolak usulan itu.", {("Kazakhstan", "nsubj", "menolak"), ("usulan", "obj", "menolak")}),
        (
            "Sanksi dijatuhkan oleh Uni Eropa terhadap Belarus.",
            {("Sanksi", "nsubj:pass", "dijatuhkan"), ("Uni", "obl:agent", "dijatuhkan")},
        ),
    ],
)
def test_subjects_objects_and_agents(text, arcs):
    found = {(t.text, t.dep_, t.head.text) for t in pipeline()(text)}
    assert arcs <= found
