"""How Portuguese text is said."""

from __future__ import annotations

import pytest

from antiphon.dialogue.spoken.pronunciation import Pronouncer


@pytest.fixture(scope="module")
def pronouncer() -> Pronouncer:
    return Pronouncer()


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("O Sr. Silva e a Sra. Costa", "O senhor Silva e a senhora Costa"),
        ("às 10:30", "às dez e trinta"),
        ("às 14h", "às catorze horas"),
        ("às 14h30", "às catorze e trinta"),
        ("R$ 20", "vinte reais"),
        ("R$ 3,99", "três reais e noventa e nove centavos"),
        ("R$ 1,5 milhão", "um vírgula cinco milhão de reais"),
        ("€ 1.234,50", "mil duzentos e trinta e quatro euros e cinquenta cêntimos"),
        ("1.234,5", "mil duzentos e trinta e quatro vírgula cinco"),
        ("3,14", "três vírgula catorze"),
        ("50%", "cinquenta por cento"),
        ("20 °C", "vinte graus Celsius"),
        ("100 m²", "cem metros quadrados"),
        ("100 km/h", "cem quilômetros por hora"),
        ("1º de maio", "primeiro de maio"),
        ("1 de maio", "primeiro de maio"),
        ("2ª vez", "segunda vez"),
        ("17/12/2024", "dezessete de dezembro de dois mil e vinte e quatro"),
        ("17 de dezembro de 2024", "dezessete de dezembro de dois mil e vinte e quatro"),
        ("D. Pedro II", "dom Pedro segundo"),
        ("século XIX", "século dezenove"),
        ("João Paulo II", "João Paulo segundo"),
        ("a ONU e o FBI", "a ONU e o F B I"),
        ("a API", "a A P I"),
        ("p. ex. isto", "por exemplo isto"),
        ("etc.", "et cetera."),
        ("nº 5", "número cinco"),
        ("10-20 km", "dez a vinte quilômetros"),
        ("1/2", "um meio"),
        ("1½", "um e meio"),
        ("2+2=4", "dois mais dois igual a quatro"),
        ("info@example.com", "info arroba example ponto com"),
        ("(11) 91234-5678", "um um, nove um dois três quatro, cinco seis sete oito"),
        ("GPT-4o", "G P T quatro O"),
        ("COVID-19", "COVID dezenove"),
        ("em 1984", "em mil novecentos e oitenta e quatro"),
        ("2 pessoas", "duas pessoas"),
        ("1 pessoa", "uma pessoa"),
        ("2 livros", "dois livros"),
        ("1 km", "um quilômetro"),
        ("200 pessoas", "duzentas pessoas"),
        ("44 a.C.", "quarenta e quatro antes de Cristo."),
        ("1. Lave as mãos.", "um, Lave as mãos."),
        ("-5 °C", "menos cinco graus Celsius"),
        ("2 GB", "dois gigabytes"),
        ("pág. 3", "página três"),
        ("R. Augusta", "rua Augusta"),
        ("2x", "duas vezes"),
        ("ISSO É MUITO BOM", "isso é muito bom"),
        ("Olá!", "Olá!"),
        ("São 15h.", "São quinze horas."),
        ("1 milhão de reais", "um milhão de reais"),
        ("R$ 5 mil", "cinco mil reais"),
        ("o ano de 2024", "o ano de dois mil e vinte e quatro"),
        ("3 mil pessoas", "três mil pessoas"),
        ("EUA", "E U A"),
        ("D. João VI", "dom João sexto"),
        ("a 1h", "a uma hora"),
        ("CPF", "C P F"),
        ("5º andar", "quinto andar"),
    ],
)
def test_portuguese_is_said_as_a_person_would(pronouncer: Pronouncer, written: str, said: str) -> None:
    assert pronouncer.pronounce(written, "pt") == said
