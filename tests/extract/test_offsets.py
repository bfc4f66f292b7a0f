"""Every offset gives back the words that it claims, in the text as it was given."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kgraph.extract.reader import load
from kgraph.model import Document

SENTENCES = {
    "en": [
        "Kazakhstan is an ally of Russia.",
        "The United States imposed sanctions on Iran.",
        "Japan’s foreign minister met his Chinese counterpart in Tokyo on Monday.",
        "Turkey condemned Israel’s attack on Lebanon.",
    ],
    "id": [
        "Kazakhstan adalah sekutu Rusia.",
        "Amerika Serikat menjatuhkan sanksi terhadap Iran.",
        "Presiden Rusia Vladimir Putin bertemu Xi Jinping, Rabu (15/6).",
        "Indonesia mengecam serangan Israel ke Lebanon.",
    ],
}
PIECES = ["a", "é", "e\u0301", "\U0001f1f0\U0001f1ff", "\U0001f600", " ", "\r\n", "\n", "\t", "“", "—", "\u200f", "中"]
NOISE = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)


@pytest.mark.parametrize("language", ["en", "id"])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_offsets_give_back_the_words(language, data):
    parts = []
    for sentence in data.draw(st.lists(st.sampled_from(SENTENCES[language]), min_size=1, max_size=4)):
        parts += [data.draw(NOISE), sentence, data.draw(st.sampled_from(["\n", "\r\n", " ", "\r\n\r\n"]))]
    text = "".join(parts)
    document = Document("d", text, date(2022, 6, 16), language)
    ((_, evidence),) = load(language).read([document])
    for e in evidence:
        assert e.sentence.of(text) == e.quote
        assert e.sentence.start <= e.cue_span.start < e.cue_span.end <= e.sentence.end
        assert e.cue_span.of(text).strip()
        for span in (e.subject_span, e.object_span):
            assert 0 <= span.start < span.end <= len(text)
            assert span.of(text) == span.of(text).strip()


@pytest.mark.parametrize("language", ["en", "id"])
def test_plain_sentences_do_yield_statements(language):
    text = "\n".join(SENTENCES[language])
    ((_, evidence),) = load(language).read([Document("d", text, date(2022, 6, 16), language)])
    found = {(e.subject, e.relation, e.object) for e in evidence}
    assert ("country:KAZ", "ally_of", "country:RUS") in found
    assert ("country:USA", "sanctions", "country:IRN") in found
