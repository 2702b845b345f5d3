"""How Spanish text is said."""

from __future__ import annotations

import pytest

from antiphon.dialogue.spoken.pronunciation import Pronouncer


@pytest.fixture(scope="module")
def pronouncer() -> Pronouncer:
    return Pronouncer()


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("El Sr. García y la Sra. López", "El señor García y la señora López"),
        ("a las 10:30", "a las diez y treinta"),
        ("a las 14:00", "a las catorce"),
        ("a las 3 p.m.", "a las tres de la tarde"),
        ("20 €", "veinte euros"),
        ("3,99 €", "tres euros con noventa y nueve céntimos"),
        ("1,5 millones de euros", "uno coma cinco millones de euros"),
        ("$1.500", "mil quinientos dólares"),
        ("1.234,5", "mil doscientos treinta y cuatro coma cinco"),
        ("3,14", "tres coma catorce"),
        ("50 %", "cincuenta por ciento"),
        ("20 °C", "veinte grados Celsius"),
        ("100 m²", "cien metros cuadrados"),
        ("100 km/h", "cien kilómetros por hora"),
        ("el 1 de mayo", "el primero de mayo"),
        ("2ª vez", "segunda vez"),
        ("1er premio", "primer premio"),
        ("17/12/2024", "diecisiete de diciembre de dos mil veinticuatro"),
        ("17 de diciembre de 2024", "diecisiete de diciembre de dos mil veinticuatro"),
        ("Luis XIV", "Luis catorce"),
        ("Felipe II", "Felipe segundo"),
        ("siglo XIX", "siglo diecinueve"),
        ("Juan Pablo II", "Juan Pablo segundo"),
        ("la ONU y el FBI", "la ONU y el F B I"),
        ("la API", "la A P I"),
        ("p. ej. esto", "por ejemplo esto"),
        ("etc.", "etcétera."),
        ("n.º 5", "número cinco"),
        ("10-20 km", "diez a veinte kilómetros"),
        ("1/2", "un medio"),
        ("1½", "un y medio"),
        ("2+2=4", "dos más dos igual a cuatro"),
        ("info@example.com", "info arroba example punto com"),
        ("+34 912 345 678", "más tres cuatro, nueve uno dos, tres cuatro cinco, seis siete ocho"),
        ("GPT-4o", "G P T cuatro O"),
        ("COVID-19", "COVID diecinueve"),
        ("en 1984", "en mil novecientos ochenta y cuatro"),
        ("21 personas", "veintiuna personas"),
        ("1 persona", "una persona"),
        ("1 libro", "un libro"),
        ("21 000", "veintiún mil"),
        ("1 km", "un kilómetro"),
        ("200 personas", "doscientas personas"),
        ("44 a. C.", "cuarenta y cuatro antes de Cristo."),
        ("EE. UU.", "Estados Unidos"),
        ("1. Lávate las manos.", "uno, Lávate las manos."),
        ("-5 °C", "menos cinco grados Celsius"),
        ("2 GB", "dos gigabytes"),
        ("pág. 3", "página tres"),
        ("21.000 euros", "veintiún mil euros"),
        ("D. Juan", "don Juan"),
        ("Llama al 91 123 45 67.", "Llama al nueve uno, uno dos tres, cuatro cinco, seis siete."),
        ("ESTO ES MUY IMPORTANTE", "esto es muy importante"),
        ("¿Cómo estás?", "¿Cómo estás?"),
        ("¡Hola!", "¡Hola!"),
        ("el 3.º", "el tercero"),
        ("Alfonso XIII", "Alfonso trece"),
        ("EE.UU.", "Estados Unidos"),
        ("10 €/mes", "diez euros por mes"),
        ("5 de la tarde", "cinco de la tarde"),
        ("1 millón de euros", "un millón de euros"),
        ("a la 1:30", "a la una y treinta"),
        ("el año 2024", "el año dos mil veinticuatro"),
        ("3 000 personas", "tres mil personas"),
        ("2,5 millones", "dos coma cinco millones"),
    ],
)
def test_spanish_is_said_as_a_person_would(pronouncer: Pronouncer, written: str, said: str) -> None:
    assert pronouncer.pronounce(written, "es") == said
