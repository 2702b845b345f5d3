"""Stop sequences in a streamed text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from antiphon.engines.embedded.llama.server import Piece
from antiphon.engines.embedded.llama.stop import StopScanner
from antiphon.vocabulary.logprobs import TokenLogprob


def token(text: str) -> Piece:
    return Piece(text=text, logprobs=[TokenLogprob(token=text, bytes=list(text.encode()), logprob=-1.0)])


def scan(pieces: list[str], stops: list[str]) -> tuple[list[Piece], bool]:
    scanner = StopScanner(stops)
    released: list[Piece] = []
    for piece in pieces:
        released += scanner.push(token(piece))
        if scanner.found:
            return released, True
    return released + scanner.flush(), False


def text_of(pieces: list[Piece]) -> str:
    return "".join(piece.text for piece in pieces)


@given(st.lists(st.text("abß🐶", max_size=4)), st.lists(st.text("abß🐶", min_size=1, max_size=4), max_size=4))
def test_the_text_ends_before_the_first_stop_sequence(pieces: list[str], stops: list[str]) -> None:
    whole = "".join(pieces)
    begins = [whole.find(stop) for stop in stops if stop in whole]

    released, found = scan(pieces, stops)

    assert found == bool(begins)
    # Of two stops, one may end while another that began before it is still incomplete.
    assert text_of(released) == whole[: len(text_of(released))]
    assert not any(stop in text_of(released) for stop in stops)
    if not begins:
        assert text_of(released) == whole


@given(st.lists(st.text("abß🐶", max_size=4)), st.lists(st.text("abß🐶", min_size=1, max_size=4), max_size=4))
def test_the_tokens_of_each_piece_join_to_its_text(pieces: list[str], stops: list[str]) -> None:
    for piece in scan(pieces, stops)[0]:
        assert "".join(logprob.token for logprob in piece.logprobs) == piece.text
        assert b"".join(bytes(logprob.bytes) for logprob in piece.logprobs) == piece.text.encode()


def test_text_that_cannot_begin_a_stop_sequence_is_released_at_once() -> None:
    scanner = StopScanner(["dog"])

    assert text_of(scanner.push(token("A good "))) == "A good "
    assert scanner.push(token("do")) == []
    assert text_of(scanner.push(token("or"))) == "door"


def test_a_token_on_the_border_is_cut() -> None:
    released, found = scan(["Hello wor", "ld again"], ["world"])

    assert found
    assert text_of(released) == "Hello "


def test_an_empty_stop_sequence_means_nothing() -> None:
    assert scan(["a", "b"], [""]) == ([token("a"), token("b")], False)
