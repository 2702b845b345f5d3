from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from antiphon.errors import ConfigurationError
from antiphon.resources.capacity import CAPACITY_PER_MODEL
from antiphon.settings import IdentitySettings, Settings, read_settings

TENANT = "11111111-2222-4333-8444-555555555555"


def written(folder: Path, text: str) -> Settings:
    path = folder / "antiphon.toml"
    path.write_text(text)
    return read_settings(path)


def test_a_pool_is_as_large_as_the_domain_has_it_unless_told_otherwise(tmp_path: Path) -> None:
    assert Settings().quotas.capacity_per_model == CAPACITY_PER_MODEL
    assert written(tmp_path, "[quotas]\ncapacity_per_model = 5\n").quotas.capacity_per_model == 5


def test_a_server_can_have_a_domain(tmp_path: Path) -> None:
    assert written(tmp_path, '[server]\ndomain = "voice.example.org"\n').server.domain == "voice.example.org"


@pytest.mark.parametrize(
    "domain",
    ["", ".example.org", "example.org.", "Example.org", "https://example.org", "example.org:80", "a..b"],
)
def test_what_is_no_domain_is_told_at_start(tmp_path: Path, domain: str) -> None:
    with pytest.raises(ConfigurationError, match="domain"):
        written(tmp_path, f'[server]\ndomain = "{domain}"\n')


@pytest.mark.parametrize("capacity", [0, -1, 10**10])
def test_a_pool_of_no_size_is_told_at_start(tmp_path: Path, capacity: int) -> None:
    with pytest.raises(ConfigurationError, match="capacity_per_model"):
        written(tmp_path, f"[quotas]\ncapacity_per_model = {capacity}\n")


def test_without_a_section_no_tenant_is_trusted(tmp_path: Path) -> None:
    assert written(tmp_path, "").identity == IdentitySettings(tenants=(), audiences=(), imds=False)


def test_tenants_are_named_by_their_ids(tmp_path: Path) -> None:
    text = f'[identity]\ntenants = ["{TENANT}"]\nauthority = "https://login.microsoftonline.us"\nimds = true'
    expected = IdentitySettings(tenants=(TENANT,), authority="https://login.microsoftonline.us", imds=True)
    assert written(tmp_path, text).identity == expected


@pytest.mark.parametrize(
    "line",
    [
        'tenants = ["common"]',
        'tenants = ["contoso.onmicrosoft.com"]',
        f'tenants = ["{TENANT}/../x"]',
        f'tenants = ["{TENANT}\\n"]',
        f'tenants = "{TENANT}"',
        'authority = "http://login.example"',
        'authority = "http://localhost.attacker.example"',
        'authority = "https://login.example/tenant"',
        'authority = "https://user@login.example"',
        'authority = "file:///etc/passwd"',
        'audiences = [""]',
        'tenant = "mistyped"',
    ],
)
def test_a_setting_that_is_not_right_is_told_at_the_start(tmp_path: Path, line: str) -> None:
    with pytest.raises(ConfigurationError, match=r"antiphon\.toml"):
        written(tmp_path, f"[identity]\n{line}")


@pytest.mark.parametrize("prefix", ["", "/antiphon", "/voice/antiphon", "/Antiphon-2"])
def test_a_server_can_share_a_host_by_a_prefix(tmp_path: Path, prefix: str) -> None:
    assert written(tmp_path, f'[server]\nprefix = "{prefix}"\n').server.prefix == prefix


@pytest.mark.parametrize(
    "prefix", ["/", "antiphon", "/antiphon/", "//antiphon", "/a//b", "/../x", "/a b", "/a?b", "/a;b", "/a\\n", "/é"]
)
def test_what_can_be_no_prefix_is_told_at_start(tmp_path: Path, prefix: str) -> None:
    with pytest.raises(ConfigurationError, match="prefix"):
        written(tmp_path, f'[server]\nprefix = "{prefix}"\n')


@pytest.mark.parametrize("origin", ["*", "https://app.example.org", "http://localhost:5173", "http://[::1]:8000"])
def test_pages_of_other_origins_can_be_let_in(tmp_path: Path, origin: str) -> None:
    assert written(tmp_path, f'[server]\nallowed_origins = ["{origin}"]\n').server.allowed_origins == (origin,)


@pytest.mark.parametrize("origin", ["", "app.example.org", "https://app.example.org/", "https://*.example.org", "null"])
def test_what_is_no_origin_is_told_at_start(tmp_path: Path, origin: str) -> None:
    with pytest.raises(ConfigurationError, match="allowed_origins"):
        written(tmp_path, f'[server]\nallowed_origins = ["{origin}"]\n')


def test_users_sign_in_through_an_application_of_their_tenants(tmp_path: Path) -> None:
    text = f'[identity]\ntenants = ["{TENANT}"]\nportal_client_id = "{TENANT}"\n'
    assert written(tmp_path, text).identity.portal_client_id == TENANT
    with pytest.raises(ConfigurationError, match="tenants"):
        written(tmp_path, f'[identity]\nportal_client_id = "{TENANT}"\n')
    with pytest.raises(ConfigurationError, match="portal_client_id"):
        written(tmp_path, f'[identity]\ntenants = ["{TENANT}"]\nportal_client_id = "antiphon"\n')


def test_the_mini_models_have_the_small_language_model(tmp_path: Path) -> None:
    profiles = written(tmp_path, "[profiles.default]\nmax_reply_tokens = 7").profiles
    assert (profiles["mini"].language_model, profiles["mini"].max_reply_tokens) == ("qwen2.5-coder-0.5b", 7)


@pytest.mark.parametrize("chosen", ['language_model = "/models/mine.gguf"', 'responder = "omni"'])
def test_where_the_default_profile_has_an_engine_of_its_own_the_mini_models_have_it_too(
    tmp_path: Path, chosen: str
) -> None:
    profiles = written(tmp_path, f"[profiles.default]\n{chosen}").profiles
    assert profiles["mini"] == msgspec.structs.replace(profiles["default"], transcriber=None)


def test_the_mini_models_can_have_a_profile_of_your_own(tmp_path: Path) -> None:
    settings = written(tmp_path, "[profiles.default]\n[profiles.mini]\nlanguage_model = '/models/mine.gguf'")
    assert settings.profiles["mini"].language_model == "/models/mine.gguf"


def test_recordings_are_transcribed_by_a_better_recognizer_except_for_the_mini_models(tmp_path: Path) -> None:
    profiles = written(tmp_path, "[profiles.default]\n[profiles.fast]\n").profiles
    assert {name: profile.transcriber for name, profile in profiles.items()} == {
        "default": "whisper-small",
        "fast": "whisper-small",
        "mini": None,
    }


@pytest.mark.parametrize(
    ("chosen", "transcriber"), [('recognizer = "ears"', None), ('transcriber = "whisper-base"', "whisper-base")]
)
def test_recordings_are_transcribed_by_what_you_choose(tmp_path: Path, chosen: str, transcriber: str | None) -> None:
    assert written(tmp_path, f"[profiles.default]\n{chosen}").profiles["default"].transcriber == transcriber
