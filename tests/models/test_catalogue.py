from __future__ import annotations

import re

import pytest

from antiphon.models.catalogue import CATALOGUE, DEFAULTS
from antiphon.models.model import Model, Packages

MODELS = pytest.mark.parametrize("model", CATALOGUE.values(), ids=lambda model: model.name)
PACKAGES = [
    pytest.param(model, source, id=f"{model.name}, {source.registry}")
    for model in CATALOGUE.values()
    for source in model.sources
    if isinstance(source, Packages)
]


def test_the_default_models_are_in_the_catalogue():
    assert set(DEFAULTS) <= set(CATALOGUE)


@MODELS
def test_every_file_has_a_sha256_a_size_and_a_path_inside_its_folder(model: Model):
    for file in model.files:
        assert re.fullmatch(r"[0-9a-f]{64}", file.sha256)
        assert file.size > 0
        assert re.fullmatch(r"(\w[\w-]*/)?\w[\w.-]*", file.path)


@MODELS
def test_no_two_files_of_a_model_are_alike(model: Model):
    assert len({file.path for file in model.files}) == len({file.sha256 for file in model.files}) == len(model.files)


@MODELS
def test_every_licence_lets_anyone_use_the_model(model: Model):
    assert model.licence in {"MIT", "Apache-2.0", "BSD-2-Clause"}


@MODELS
def test_every_model_can_be_had_without_a_hub(model: Model):
    assert any(isinstance(source, Packages) for source in model.sources)


@pytest.mark.parametrize(("model", "source"), PACKAGES)
def test_packages_hold_exactly_the_files_of_their_model(model: Model, source: Packages):
    assert set(source.members) == {file.path for file in model.files}


@pytest.mark.parametrize(("model", "source"), PACKAGES)
def test_each_part_of_a_file_is_in_another_package(model: Model, source: Packages):
    for members in source.members.values():
        assert len({member.archive for member in members}) == len(members)


def test_the_voices_of_every_language_that_is_spoken_are_there():
    packs = {file.path.removesuffix(".bin") for file in CATALOGUE["kokoro-voices"].files}
    assert packs >= {"af_heart", "am_echo", "bf_emma", "bm_fable", "ff_siwis", "if_sara", "im_nicola"}
    assert packs >= {"ef_dora", "em_alex", "pf_dora", "pm_alex"}
