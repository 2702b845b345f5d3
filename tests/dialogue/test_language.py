"""Which language a text is in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.dialogue.language import LanguageIdentifier

IDENTIFIER = LanguageIdentifier()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Hello", "en"),
        ("Yes", "en"),
        ("Thank you very much", "en"),
        ("Tell me a joke", "en"),
        ("The capital of France is Paris.", "en"),
        ("The Eiffel Tower was built in 1889.", "en"),
        ("Mozart was born in Salzburg.", "en"),
        ("Leonardo da Vinci painted it.", "en"),
        ("Name three Italian composers.", "en"),
        ("Machine learning algorithms", "en"),
        ("Bonjour", "fr"),
        ("Ça va ?", "fr"),
        ("Merci beaucoup", "fr"),
        ("S'il vous plaît", "fr"),
        ("Quelle heure est-il ?", "fr"),
        ("Paris est la capitale de la France.", "fr"),
        ("Raconte-moi une blague", "fr"),
        ("Ciao, come stai?", "it"),
        ("Sì", "it"),
        ("Buonanotte", "it"),
        ("Che ore sono?", "it"),
        ("Qual è la capitale della Francia?", "it"),
        ("La capitale della Francia è Parigi.", "it"),
        ("Raccontami una barzelletta", "it"),
        ("Gracias!", "es"),
        ("Buenos días", "es"),
        ("Por favor", "es"),
        ("¿Qué hora es?", "es"),
        ("La capital de Francia es París.", "es"),
        ("Cuéntame un chiste", "es"),
        ("Obrigado", "pt"),
        ("Bom dia", "pt"),
        ("Que horas são?", "pt"),
        ("Qual é a capital da França?", "pt"),
        ("A capital da França é Paris.", "pt"),
        ("Conte-me uma piada", "pt"),
        ("Ja", "de"),
        ("Nein, danke", "de"),
        ("Guten Tag", "de"),
        ("Wie spät ist es?", "de"),
        ("Die Hauptstadt ist Paris.", "de"),
        ("Erzähl mir einen Witz", "de"),
        ("Hoe gaat het met je?", "nl"),
        ("Dziękuję bardzo", "pl"),
        ("Tack så mycket", "sv"),
        ("こんにちは", "ja"),
        ("今日は天気がいいですね", "ja"),
        ("你好", "zh"),
        ("안녕하세요", "ko"),
        ("Привет, как дела?", "ru"),
        ("مرحبا", "ar"),
    ],
)
def test_short_texts_are_recognized(text: str, language: str) -> None:
    assert IDENTIFIER.identify(text) == language


@pytest.mark.parametrize(
    "text",
    [
        "What does 'bonjour' mean?",
        "Sure! The word is 'ciao'.",
        "Sure, in French you say bonjour.",
        "You say “buongiorno, come va oggi?” in the morning.",
        "It is called the Champs-Élysées.",
    ],
)
def test_a_foreign_word_does_not_change_the_language(text: str) -> None:
    assert IDENTIFIER.identify(text, prior="en") == "en"


@pytest.mark.parametrize(
    "text",
    [
        "Wolfgang Amadeus Mozart",
        "Angela Merkel was a German",
        "Abby Norfanger is a fictional",
        "Abby Norfanger was a young",
        "Abby Norfanger met Nabukudanisor,",
    ],
)
def test_a_foreign_name_does_not_change_the_language(text: str) -> None:
    assert IDENTIFIER.identify(text, prior="en") == "en"


@pytest.mark.parametrize("prior", ["en", "fr", "it", "es", "pt", "de", "ja"])
@pytest.mark.parametrize("text", ["", "12", "🙂", "OK", "..."])
def test_what_tells_nothing_stays_in_the_language_of_the_conversation(text: str, prior: str) -> None:
    assert IDENTIFIER.identify(text, prior=prior) == prior


@pytest.mark.parametrize(
    ("text", "prior"), [("No", "it"), ("No", "es"), ("Non", "fr"), ("Certo", "it"), ("Pizza", "en")]
)
def test_what_several_languages_share_stays_in_the_language_of_the_conversation(text: str, prior: str) -> None:
    assert IDENTIFIER.identify(text, prior=prior) == prior


@pytest.mark.parametrize(
    ("text", "prior", "language"),
    [
        ("Danke schön, das ist sehr gut.", "en", "de"),
        ("Yes please, tell me more.", "de", "en"),
        ("Et en français ?", "en", "fr"),
        ("Hello, how are you?", "ja", "en"),
        ("Parliamo di musica, per favore.", "fr", "it"),
    ],
)
def test_a_clear_change_of_language_is_followed(text: str, prior: str, language: str) -> None:
    assert IDENTIFIER.identify(text, prior=prior) == language


def test_nothing_at_all_is_english() -> None:
    assert IDENTIFIER.identify("") == "en"


def test_a_longer_text_is_more_certain() -> None:
    short = IDENTIFIER.likelihoods("Grazie")["it"]
    long = IDENTIFIER.likelihoods("Grazie mille, sono molto contento di essere qui con voi.")["it"]

    assert long > short


@given(st.text(), st.sampled_from([None, "en", "fr", "ja"]))
def test_any_text_has_a_language_and_likelihoods_that_add_up(text: str, prior: str | None) -> None:
    assert len(IDENTIFIER.identify(text, prior=prior)) == 2
    assert sum(IDENTIFIER.likelihoods(text, prior=prior).values()) == pytest.approx(1.0)
