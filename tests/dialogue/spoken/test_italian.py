"""How Italian text is said."""

from __future__ import annotations

import pytest

from antiphon.dialogue.spoken.pronunciation import Pronouncer


@pytest.fixture(scope="module")
def pronouncer() -> Pronouncer:
    return Pronouncer()


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Sig. Rossi", "signor Rossi"),
        ("la Sig.ra Bianchi", "la signora Bianchi"),
        ("alle 10:30", "alle dieci e trenta"),
        ("alle 14:00", "alle quattordici"),
        ("20 €", "venti euro"),
        ("3,99 €", "tre euro e novantanove centesimi"),
        ("1,5 milioni di euro", "uno virgola cinque milioni di euro"),
        ("€ 1.234,50", "milleduecentotrentaquattro euro e cinquanta centesimi"),
        ("1.234.567", "un milione e duecentotrentaquattromilacinquecentosessantasette"),
        ("3,14", "tre virgola quattordici"),
        ("50%", "cinquanta per cento"),
        ("20°C", "venti gradi Celsius"),
        ("100 m²", "cento metri quadrati"),
        ("100 km/h", "cento chilometri all'ora"),
        ("il 1° maggio", "il primo maggio"),
        ("1° posto", "primo posto"),
        ("2ª volta", "seconda volta"),
        ("17/12/2024", "diciassette dicembre duemilaventiquattro"),
        ("17 dicembre 2024", "diciassette dicembre duemilaventiquattro"),
        ("Luigi XIV", "Luigi quattordicesimo"),
        ("Elisabetta II", "Elisabetta seconda"),
        ("XX secolo", "ventesimo secolo"),
        ("secolo XIX", "secolo diciannovesimo"),
        ("Giovanni Paolo II", "Giovanni Paolo secondo"),
        ("l'ONU e la RAI", "l'ONU e la RAI"),
        ("un'API", "un'A P I"),
        ("ad es. questo", "ad esempio questo"),
        ("ecc.", "eccetera."),
        ("n. 5", "numero cinque"),
        ("10-20 km", "dieci a venti chilometri"),
        ("1/2", "un mezzo"),
        ("1½", "un e mezzo"),
        ("2+2=4", "due più due uguale quattro"),
        ("info@example.com", "info chiocciola example punto com"),
        ("+39 06 1234567", "più tre nove, zero sei, uno due tre quattro cinque sei sette"),
        ("GPT-4o", "G P T quattro O"),
        ("COVID-19", "COVID diciannove"),
        ("nel 1984", "nel millenovecentottantaquattro"),
        ("21 persone", "ventuno persone"),
        ("1 persona", "una persona"),
        ("1 libro", "un libro"),
        ("1 km", "un chilometro"),
        ("23", "ventitré"),
        ("100", "cento"),
        ("44 a.C.", "quarantaquattro avanti Cristo."),
        ("S. Pietro", "San Pietro"),
        ("1. Lava le mani.", "uno, Lava le mani."),
        ("-5 °C", "meno cinque gradi Celsius"),
        ("5 kg", "cinque chili"),
        ("2 GB", "due gigabyte"),
        ("p. es. questo", "per esempio questo"),
        ("art. 3", "articolo tre"),
        ("1 ora", "una ora"),
        ("fu il 1° re", "fu il primo re"),
        ("NON È VERO", "non è vero"),
        ("Il 25 aprile 1945", "Il venticinque aprile millenovecentoquarantacinque"),
        ("1 milione di euro", "un milione di euro"),
        ("alle ore 9", "alle ore nove"),
        ("3.000 persone", "tremila persone"),
        ("il 50% degli", "il cinquanta per cento degli"),
        ("l'UE", "l'U E"),
        ("gli USA", "gli Usa"),
        ("c'è", "c'è"),
        ("perché no?", "perché no?"),
        ("Vittorio Emanuele II", "Vittorio Emanuele secondo"),
        ("cap. IV", "capitolo quattro"),
        ("n° 7", "numero sette"),
        ("2,5 milioni di abitanti", "due virgola cinque milioni di abitanti"),
        ("0,5", "zero virgola cinque"),
    ],
)
def test_italian_is_said_as_a_person_would(pronouncer: Pronouncer, written: str, said: str) -> None:
    assert pronouncer.pronounce(written, "it") == said
