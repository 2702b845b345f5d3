from __future__ import annotations

from pathlib import Path

import pytest

from antiphon.store.location import DataDirectory, default_data_directory


def test_the_environment_names_the_data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ANTIPHON_DATA", str(tmp_path))
    assert default_data_directory() == tmp_path


def test_a_tilde_in_the_environment_is_the_home_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTIPHON_DATA", "~/antiphon")
    assert default_data_directory() == Path.home() / "antiphon"


def test_without_a_name_it_is_the_users_own_data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ANTIPHON_DATA", "")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_data_directory().name == "antiphon"


def test_database_and_blobs_lie_inside_the_data_folder(tmp_path: Path) -> None:
    data = DataDirectory(path=tmp_path)
    assert data.database.parent == tmp_path
    assert data.blobs.parent == tmp_path
