"""Every way to make up a token that is known to have worked somewhere."""

from __future__ import annotations

import json
from typing import Any

import pytest

from antiphon.identity.audiences import DATA_AUDIENCES
from antiphon.identity.claims import looks_like_token
from antiphon.identity.errors import TokenRefused
from antiphon.identity.tokens import TokenVerifier

from ..clocks import HandClock
from .forging import (
    ISSUER,
    NOW,
    KnownIssuer,
    claims,
    forged,
    header,
    rsa_key,
    signed_with_public_key,
)

pytestmark = pytest.mark.anyio

OTHER_TENANT = "66666666-7777-4888-9999-000000000000"
OTHER_KEY = rsa_key("somebody else's")
_GOOD = forged()
_HEAD, _PAYLOAD, _SIGNATURE = _GOOD.split(".")


def _verifier() -> TokenVerifier:
    return TokenVerifier([KnownIssuer()], clock=HandClock())


async def test_the_token_that_the_attacks_begin_with_is_good() -> None:
    assert (await _verifier().verify(_GOOD, DATA_AUDIENCES)).issuer == ISSUER


ALGORITHMS = {
    "none, unsigned": forged(head=header(alg="none"), signature=b""),
    "none, with a signature": forged(head=header(alg="none")),
    "None": forged(head=header(alg="None")),
    "nOnE": forged(head=header(alg="nOnE")),
    "HS256 with the public key": signed_with_public_key(rsa_key().as_pem(private=False)),
    "RS512 in name": forged(head=header(alg="RS512")),
    "PS256 in name": forged(head=header(alg="PS256")),
    "ES256 in name": forged(head=header(alg="ES256")),
    "missing": forged(head=header(alg=None)),
    "a list": forged(head=header(alg=["RS256"])),
}
KEYS = {
    "another key": forged(key=OTHER_KEY),
    "unknown kid": forged(head=header(kid="unknown"), key=OTHER_KEY),
    "no kid": forged(head=header(kid=None)),
    "kid of another type": forged(head=header(kid=1)),
    "kid as a path": forged(head=header(kid="../../../dev/null")),
    "jwk brings the key": forged(head=header(jwk=OTHER_KEY.as_dict(private=False)), key=OTHER_KEY),
    "jwk beside the right key": forged(head=header(jwk=rsa_key().as_dict(private=False))),
    "jku": forged(head=header(jku="https://attacker.example/keys"), key=OTHER_KEY),
    "jku beside the right key": forged(head=header(jku="https://attacker.example/keys")),
    "x5u": forged(head=header(x5u="https://attacker.example/certificate")),
    "x5c": forged(head=header(x5c=["MIIB"])),
    "crit": forged(head=header(crit=["exp"])),
    "crit with something unknown": forged(head=header(crit=["unknown"], unknown=True)),
    "unencoded payload": forged(head=header(b64=False, crit=["b64"])),
    "a signature of nothing": f"{_HEAD}.{_PAYLOAD}.",
    "a short signature": f"{_HEAD}.{_PAYLOAD}.{_SIGNATURE[:-4]}",
    "a signature of zeros": forged(signature=bytes(256)),
}
FORMS = {
    "empty": "",
    "two parts": f"{_HEAD}.{_PAYLOAD}",
    "four parts": f"{_GOOD}.{_SIGNATURE}",
    "five parts, as if encrypted": f"{_HEAD}.{_PAYLOAD}.{_SIGNATURE}.{_HEAD}.{_PAYLOAD}",
    "garbage behind it": f"{_GOOD}!!!!",
    "a newline behind it": f"{_GOOD}\n",
    "padding behind it": f"{_GOOD}==",
    "a space in it": f"{_HEAD} .{_PAYLOAD}.{_SIGNATURE}",
    "other letters of base64": f"{_HEAD}.{_PAYLOAD}.{_SIGNATURE[:-1]}+",
    "not ASCII": f"{_HEAD}.{_PAYLOAD}.{_SIGNATURE}é",
    "a lone surrogate": f"{_HEAD}.{_PAYLOAD}.{_SIGNATURE}\ud800",
    "another payload": f"{_HEAD}.{forged(claims(oid=OTHER_TENANT)).split('.')[1]}.{_SIGNATURE}",
    "more than 16 KiB": forged(claims(padding="x" * 16_384)),
    "a header of 8 KiB": forged(head=header(padding="x" * 8192)),
    "garbage behind the payload's JSON": forged(json.dumps(claims()).encode() + b"{}"),
    "payload that is a list": forged(b"[]"),
    "payload that is no JSON": forged(b"nothing"),
    "payload nested deeply": forged(b"[" * 8000),
    "header that is a list": forged(head=b"[]"),
    "header that is no JSON": forged(head=b"nothing"),
    "payload that is not UTF-8": forged(b'{"oid": "\xff"}'),
}
CLAIMS: dict[str, Any] = {
    "another issuer": {"iss": "https://attacker.example/"},
    "another tenant's issuer": {"iss": f"https://sts.windows.net/{OTHER_TENANT}/"},
    "the issuer without its slash": {"iss": ISSUER.rstrip("/")},
    "the issuer in capitals": {"iss": ISSUER.upper()},
    "no issuer": {"iss": None},
    "several issuers": {"iss": [ISSUER]},
    "another tenant": {"tid": OTHER_TENANT},
    "no tenant": {"tid": None},
    "a tenant of another type": {"tid": 1},
    "another audience": {"aud": "https://graph.microsoft.com"},
    "the management's audience": {"aud": "https://management.azure.com/"},
    "an audience that begins alike": {"aud": "https://cognitiveservices.azure.com.attacker.example"},
    "several audiences": {"aud": ["https://cognitiveservices.azure.com"]},
    "no audience": {"aud": None},
    "an empty audience": {"aud": ""},
    "expired": {"exp": int(NOW.timestamp()) - 300},
    "expiry as a text": {"exp": "9999999999"},
    "expiry as true": {"exp": True},
    "expiry as a fraction": {"exp": 9999999999.5},
    "expiry as infinity": {"exp": float("inf")},
    "expiry as NaN": {"exp": float("nan")},
    "no expiry": {"exp": None},
    "not yet valid": {"nbf": int(NOW.timestamp()) + 301},
    "validity as a text": {"nbf": "0"},
    "no beginning": {"nbf": None},
    "no oid": {"oid": None},
    "an empty oid": {"oid": ""},
    "an oid of another type": {"oid": {"id": 1}},
    "an oid that is no GUID": {"oid": "*"},
    "an oid with something behind it": {"oid": "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee\n"},
    "an appid of another type": {"appid": 1},
    "roles as a text": {"roles": "Owner"},
    "roles of another type": {"roles": [{"name": "Owner"}]},
    "very many roles": {"roles": ["Owner"] * 65},
}


@pytest.mark.parametrize("token", [pytest.param(token, id=name) for name, token in ALGORITHMS.items()])
async def test_the_algorithm_is_not_the_tokens_to_choose(token: str) -> None:
    with pytest.raises(TokenRefused, match=r"algorithm|three parts"):
        await _verifier().verify(token, DATA_AUDIENCES)


@pytest.mark.parametrize("token", [pytest.param(token, id=name) for name, token in KEYS.items()])
async def test_the_key_is_not_the_tokens_to_choose(token: str) -> None:
    with pytest.raises(TokenRefused, match=r"key|kid|header has|signature|three parts"):
        await _verifier().verify(token, DATA_AUDIENCES)


@pytest.mark.parametrize("token", [pytest.param(token, id=name) for name, token in FORMS.items()])
async def test_whatever_is_no_token_is_refused(token: str) -> None:
    with pytest.raises(TokenRefused):
        await _verifier().verify(token, DATA_AUDIENCES)


@pytest.mark.parametrize("changes", [pytest.param(changes, id=name) for name, changes in CLAIMS.items()])
async def test_claims_that_are_not_right_are_refused_though_they_are_signed(changes: dict[str, Any]) -> None:
    name = next(iter(changes))
    reasons = {"iss": "issuer|iss", "tid": "tenant|tid", "aud": "audience|aud", "exp": "expired|exp|JSON"}
    with pytest.raises(TokenRefused, match=reasons.get(name, f"{name}|not valid before|JSON")):
        await _verifier().verify(forged(claims(**changes)), DATA_AUDIENCES)


@pytest.mark.parametrize("twice", ["oid", "aud", "exp", "tid", "iss"])
async def test_a_claim_that_occurs_twice_is_refused(twice: str) -> None:
    good = json.dumps(claims())
    doubled = good[:-1] + f", {json.dumps(twice)}: {json.dumps(claims()[twice])}" + "}"
    with pytest.raises(TokenRefused, match="payload"):
        await _verifier().verify(forged(doubled.encode()), DATA_AUDIENCES)


async def test_a_header_that_occurs_twice_is_refused() -> None:
    head = b'{"alg": "none", "kid": "the-key", "alg": "RS256"}'
    with pytest.raises(TokenRefused, match="header"):
        await _verifier().verify(forged(head=head), DATA_AUDIENCES)


async def test_what_is_too_long_is_not_looked_into(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json, "loads", None)
    token = f"{_HEAD}.{'x' * 16_384}.{_SIGNATURE}"
    with pytest.raises(TokenRefused, match="more than any token"):
        await _verifier().verify(token, DATA_AUDIENCES)
    assert looks_like_token(token)


async def test_no_key_is_asked_for_on_behalf_of_an_issuer_that_is_not_trusted() -> None:
    issuer = KnownIssuer()
    with pytest.raises(TokenRefused):
        await TokenVerifier([issuer]).verify(forged(claims(iss="https://attacker.example/")), DATA_AUDIENCES)
    assert issuer.asked == []


async def test_the_reason_for_the_log_stays_short_and_on_one_line() -> None:
    for changes in ({"iss": "x\n" * 4000}, {"aud": "x\n" * 4000}, {"exp": "x\n" * 4000}):
        with pytest.raises(TokenRefused) as refused:
            await _verifier().verify(forged(claims(**changes)), DATA_AUDIENCES)
        assert len(refused.value.message) < 300
        assert "\n" not in refused.value.message


@pytest.mark.parametrize(
    "credential", ["", "a", "a.b", "a.b.c", "..", "W10.b.c", "a.b.c.d", f"{_GOOD}.x", "sk-1.5.0", "\ud800.b.c"]
)
def test_what_is_not_in_the_form_of_a_token_is_not_taken_for_one(credential: str) -> None:
    assert not looks_like_token(credential)


def test_a_token_is_taken_for_one_though_it_is_wrong() -> None:
    assert looks_like_token(f"{_HEAD}.x.y")
