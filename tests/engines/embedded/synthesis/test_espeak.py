"""eSpeak NG, running as a program of its own."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from antiphon.engines.embedded.synthesis.espeak import Espeak


@pytest.fixture(scope="module")
def espeak() -> Iterator[Espeak]:
    program = Espeak()
    yield program
    program.close()


def test_french_is_read_as_french(espeak: Espeak) -> None:
    assert espeak.phonemes("bonjour", "fr") == "bɔ̃ʒˈuʁ"


def test_the_parts_of_a_diphthong_are_tied(espeak: Espeak) -> None:
    assert "a^ɪ" in espeak.phonemes("mein", "de")


def test_a_text_of_several_lines_is_one_question(espeak: Espeak) -> None:
    assert espeak.phonemes("un\ndos", "es") == espeak.phonemes("un dos", "es")


def test_an_unknown_voice_has_no_phonemes(espeak: Espeak) -> None:
    assert espeak.phonemes("hello", "klingonese") == ""


@settings(deadline=None, max_examples=50)
@given(text=st.text(max_size=60))
def test_no_text_puts_answers_out_of_step(espeak: Espeak, text: str) -> None:
    espeak.phonemes(text, "it")
    assert espeak.phonemes("ciao", "it") == "t^ʃˈao"


def test_a_killed_program_is_started_again() -> None:
    espeak = Espeak()
    before = espeak.phonemes("bonjour", "fr")
    assert espeak.process_id is not None
    os.kill(espeak.process_id, signal.SIGKILL)
    after = espeak.phonemes("bonjour", "fr")
    espeak.close()
    assert after == before


def test_closing_ends_the_program() -> None:
    espeak = Espeak()
    espeak.phonemes("bonjour", "fr")
    process_id = espeak.process_id
    assert process_id is not None
    espeak.close()
    assert not psutil.pid_exists(process_id)


def test_threads_get_their_own_answers(espeak: Espeak) -> None:
    questions = [("bonjour", "fr"), ("ciao", "it"), ("mañana", "es"), ("obrigado", "pt-br")] * 10
    alone = [espeak.phonemes(*question) for question in questions]
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(espeak.phonemes, *zip(*questions, strict=True)))
    assert together == alone
