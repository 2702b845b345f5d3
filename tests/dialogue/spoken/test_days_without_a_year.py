"""A day and a month in figures, after a word that says that they are a date."""

from __future__ import annotations

import pytest

from antiphon.dialogue.spoken.pronunciation import Pronouncer


@pytest.mark.parametrize(
    ("language", "written", "said"),
    [
        ("fr", "Rendez-vous le 14/07 à 21 h 30.", "Rendez-vous le quatorze juillet à vingt et une heures trente."),
        ("fr", "du 1/04 au 3/04", "du premier avril au trois avril"),
        ("fr", "Lundi 5/12", "Lundi cinq décembre"),
        ("fr", "Ils ont eu le 3/4 des voix.", "Ils ont eu le trois quarts des voix."),
        ("fr", "les 3/4 des élèves", "les trois quarts des élèves"),
        ("it", "il 25/12 alle 21:30", "il venticinque dicembre alle ventuno e trenta"),
        ("it", "dal 1/05 al 30/05", "dal primo maggio al trenta maggio"),
        ("it", "i 3/4 degli alunni", "i tre quarti degli alunni"),
        ("es", "el 25/12 a las 21:30", "el veinticinco de diciembre a las veintiuna y treinta"),
        ("es", "viernes 13/10", "viernes trece de octubre"),
        ("pt", "no dia 25/12", "no dia vinte e cinco de dezembro"),
        ("pt", "em 3/4 dos casos", "em três quartos dos casos"),
    ],
)
def test_a_day_without_a_year_is_a_date_after_its_word(language: str, written: str, said: str):
    assert Pronouncer().pronounce(written, language) == said


@pytest.mark.parametrize("written", ["le 45/07", "le 14/13", "le 14/07/x"])
def test_what_is_no_day_of_the_year_is_none(written: str):
    assert "juillet" not in Pronouncer().pronounce(written, "fr")
