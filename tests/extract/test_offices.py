"""Who holds which office: titles with names beside them, of one state or of several."""

from datetime import date

import pytest

from kgraph.extract import reader
from kgraph.model import Document

CASES = [
    ("en 2019", "The Gambia withdrew its envoy. Adama Barrow, its president, blamed Senegal.", "adama-barrow HoS GMB"),
    ("en 2019", "Angola needs the IMF. Its finance minister, Archer Mangueira, flew out.", "archer-mangueira min AGO"),
    ("en 1990", "King Fahd of Saudi Arabia asked America for troops.", "fahd HoS SAU"),
    ("en 2024", "King Felipe VI of Spain opened a museum near Portugal.", "felipe-vi HoS ESP"),
    (
        "en 1972",
        "The prime ministers of Japan and China, Kakuei Tanaka and Zhou Enlai, signed a communique.",
        "kakuei-tanaka HoG JPN; zhou-enlai HoG CHN",
    ),
    (
        "en 2022",
        "Kyrgyzstan and Tajikistan exchanged fire. Their presidents, Sadyr Japarov and Emomali Rahmon, met.",
        "sadyr-japarov HoS KGZ; emomali-rahmon HoS TJK",
    ),
    (
        "en 2013",
        "Presidents Yoweri Museveni of Uganda and Paul Kagame of Rwanda met in Entebbe.",
        "yoweri-museveni HoS UGA; paul-kagame HoS RWA",
    ),
    (
        "en 2018",
        "The French and German presidents, Emmanuel Macron and Frank-Walter Steinmeier, met.",
        "emmanuel-macron HoS FRA; frank-walter-steinmeier HoS DEU",
    ),
    (
        "en 1999",
        "Madeleine Albright, the American secretary of state, met her Indian counterpart, Jaswant Rao.",
        "madeleine-albright min USA; jaswant-rao min IND",
    ),
    ("en 2020", "Talks between Japan and South Korea's president, Moon Jae-in, ended.", "moon-jae-in HoS KOR"),
    ("en 2018", "The former president of Armenia, Serzh Sargsyan, met reporters of Georgia.", ""),
    ("en 2018", "The presidents of Uganda and Rwanda met in Entebbe.", ""),
    ("en 1967", "Jordan lost Jerusalem to Israel, and King Hussein wept.", ""),
    (
        "en 1958",
        "General Tran Van Dong, president of South Vietnam, left the palace and fled to Laos.",
        "tran-van-dong HoS VDR",
    ),
    ("id 2022", "Singapura menolak. Perdana menterinya, Lee Hsien Loong, tiba di Tokyo.", "lee-hsien-loong HoG SGP"),
    (
        "id 2022",
        "Presiden Uganda dan Rwanda, Yoweri Museveni dan Paul Kagame, bertemu di Entebbe.",
        "yoweri-museveni HoS UGA; paul-kagame HoS RWA",
    ),
    (
        "id 2022",
        "Menlu Rusia, Sergey Lavrov, menelepon rekannya dari Turki, Mevlut Cavusoglu.",
        "sergey-lavrov min RUS; mevlut-cavusoglu min TUR",
    ),
]
RELATIONS = {"HoS": "head_of_state_of", "HoG": "head_of_government_of", "min": "minister_of"}


@pytest.mark.parametrize(("when", "text", "wanted"), CASES)
def test_who_holds_an_office(when, text, wanted):
    code, year = when.split()
    ((_, found),) = reader.load(code).read([Document("x", text, date(int(year), 6, 16), code)])
    offices = {(e.subject, e.relation, e.object) for e in found if e.relation in RELATIONS.values()}
    told = [each.split() for each in wanted.split("; ") if each]
    assert offices == {(f"person:{who}", RELATIONS[what], f"country:{of}") for who, what, of in told}
    for e in found:
        assert text[e.subject_span.start : e.subject_span.end]
