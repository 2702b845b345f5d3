"""A program that turns text into phonemes with eSpeak NG. `espeak.Espeak` runs it and talks to it in lines.

eSpeak NG is licensed under GPL-3 and is not safe to call from several threads, so it is loaded here and nowhere else.
A line of standard input contains eSpeak's name of a voice, a tab and the text; the answering line of standard output
contains the text's phonemes in IPA, with a circumflex between the parts of a diphthong or an affricate.
"""

from __future__ import annotations

import ctypes
import sys

import espeakng_loader

_SYNCHRONOUS = 2
_UTF_8 = 1
_IPA_WITH_TIES = ord("^") << 8 | 0x80 | 0x02


class Library:
    """The parts of the shared library that this program calls."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(espeakng_loader.get_library_path())
        self._library.espeak_TextToPhonemes.restype = ctypes.c_char_p
        if self._library.espeak_Initialize(_SYNCHRONOUS, 0, espeakng_loader.get_data_path().encode(), 0) < 0:
            sys.exit("eSpeak NG did not start: its data cannot be read.")
        self._voice = b""

    def phonemes(self, text: bytes, voice: bytes) -> bytes:
        """The phonemes of a UTF-8 text; empty for an unknown voice."""
        if voice != self._voice:
            if self._library.espeak_SetVoiceByName(voice) != 0:
                return b""
            self._voice = voice
        characters = ctypes.create_string_buffer(text)
        rest = ctypes.c_void_p(ctypes.addressof(characters))
        clauses: list[bytes] = []
        while rest.value:  # Each call reads one clause and moves `rest` past it; at the end it is null.
            clauses.append(self._library.espeak_TextToPhonemes(ctypes.byref(rest), _UTF_8, _IPA_WITH_TIES) or b"")
        return b" ".join(clause for clause in clauses if clause)


def main() -> None:
    library = Library()
    for line in sys.stdin.buffer:
        voice, _, text = line.rstrip(b"\n").partition(b"\t")
        sys.stdout.buffer.write(library.phonemes(text, voice).replace(b"\n", b" ") + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
