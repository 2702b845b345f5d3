"""Hostile files: they are as bad as they are meant to be."""

from __future__ import annotations

from bench.hostile import flac_bomb, fuzzed_wavs


def test_the_bomb_is_small():
    bomb = flac_bomb()
    assert bomb.startswith(b"fLaC")
    assert len(bomb) < 1_000_000


def test_fuzzed_files_are_alike_in_every_run_and_differ_from_each_other():
    assert fuzzed_wavs(5) == fuzzed_wavs(5)
    assert len(set(fuzzed_wavs(5))) == 5


def test_fuzzed_files_still_look_like_wav():
    assert all(file.startswith(b"RIFF") for file in fuzzed_wavs(5))
