"""What a text both says and denies is judged one to one."""

from datetime import date

from kgraph.evaluate import Case, evaluate
from kgraph.model import Document, Evidence, Factuality, Span, Statement

KEY = ("country:PER", "occupies", "place:tiwinza")


def statement(factuality: Factuality, speaker: str) -> Statement:
    piece = Evidence(
        document="d", subject=KEY[0], relation=KEY[1], object=KEY[2], factuality=factuality,
        sentence=Span(0, 9), subject_span=Span(0, 1), cue_span=Span(1, 2), object_span=Span(2, 3), quote="words",
        attributed_to=speaker, rule="rule", confidence=0.9,
    )  # fmt: skip
    return Statement(*KEY, factuality, (piece,))


def gold(factuality: str, speaker: str) -> dict[str, str]:
    return {"factuality": factuality, "attributed_to": speaker}


def judged(wanted: list[dict[str, str]], found: list[Statement]):
    return evaluate([Case(Document("d", "words", date(1995, 2, 18), "en"), {KEY: wanted}, {KEY: found})])


def test_a_claim_is_not_judged_by_its_denial():
    wanted = [gold("certain", "country:PER"), gold("negated", "country:ECU")]
    report = judged(wanted, [statement(Factuality.CERTAIN, "country:PER")])
    assert (report.attribution.right, report.attribution.wrong, report.attribution.missed) == (1, 0, 0)
    assert report.factuality_accuracy == 1


def test_both_are_judged_where_both_are_found():
    wanted = [gold("negated", "country:ECU"), gold("certain", "country:PER")]
    found = [statement(Factuality.CERTAIN, "country:PER"), statement(Factuality.NEGATED, "country:PER")]
    report = judged(wanted, found)
    assert (report.attribution.right, report.attribution.wrong, report.attribution.missed) == (1, 1, 1)
    assert report.factuality_accuracy == 1


def test_another_factuality_is_judged_as_well():
    report = judged([gold("possible", "country:PER")], [statement(Factuality.CERTAIN, "country:PER")])
    assert report.attribution.right == 1
    assert report.factuality_accuracy == 0
