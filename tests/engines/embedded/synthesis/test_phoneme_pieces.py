"""Breaking long phonemes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from antiphon.engines.embedded.synthesis.phoneme_pieces import pieces

PHONEMES = st.text(alphabet="aˈbʃ ,.;?", max_size=120)


@given(phonemes=PHONEMES, longest=st.integers(1, 40))
def test_no_piece_is_too_long(phonemes: str, longest: int) -> None:
    assert all(len(piece) <= longest for piece in pieces(phonemes, longest))


@given(phonemes=PHONEMES, longest=st.integers(1, 40))
def test_every_sound_is_said_once_and_in_order(phonemes: str, longest: int) -> None:
    said = "".join(pieces(phonemes, longest))
    assert [sound for sound in said if sound in "abʃ"] == [sound for sound in phonemes if sound in "abʃ"]


def test_a_sentences_end_is_preferred_to_a_comma() -> None:
    assert list(pieces("aa. bb, cc dd", 10)) == ["aa.", "bb, cc dd"]


def test_a_comma_is_preferred_to_a_space() -> None:
    assert list(pieces("aa, bb cc dd", 9)) == ["aa,", "bb cc dd"]


def test_one_endless_word_is_cut() -> None:
    assert list(pieces("abababab", 3)) == ["aba", "bab", "ab"]


def test_punctuation_alone_is_left_out() -> None:
    assert list(pieces("… —")) == []
