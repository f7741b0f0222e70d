"""Hooks: whether who calls is genuine, and which repositories count."""

import pytest

from app.domain.hooks import (
    Forge,
    HookAddresses,
    HookForm,
    github_signature,
    is_genuine,
    is_hook_id,
    standard_signature,
)

ADDRESSES = HookAddresses("https://kpi.example.com", b"k" * 32)
SECRET = ADDRESSES.secret("0123456789abcdef")


def test_a_signature_of_githubs_is_the_one_in_its_documentation() -> None:
    """https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries"""
    signature = github_signature("It's a Secret to Everybody", b"Hello, World!")
    assert signature == "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"


def test_a_standard_signature_is_the_one_in_its_specification() -> None:
    """https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md"""
    signature = standard_signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "1614265330",
        b'{"test": 2432232314}',
    )
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize(
    ("forge", "headers"),
    [
        (Forge.GITHUB, {"x-hub-signature-256": github_signature(SECRET, b"body")}),
        (Forge.GITLAB, {"x-gitlab-token": SECRET}),
        (
            Forge.GITLAB,
            {
                "webhook-id": "m1",
                "webhook-timestamp": "17",
                "webhook-signature": "v1,b3RoZXI= "
                + standard_signature(SECRET, "m1", "17", b"body"),
            },
        ),
    ],
)
def test_who_knows_the_secret_is_genuine(forge: Forge, headers: dict[str, str]) -> None:
    assert is_genuine(forge, SECRET, headers, b"body")
    assert not is_genuine(forge, ADDRESSES.secret("f" * 16), headers, b"body")
    if "x-gitlab-token" not in headers:
        assert not is_genuine(forge, SECRET, headers, b"another body")
    for name in headers:
        assert not is_genuine(forge, SECRET, {**headers, name: "ü"}, b"body")
        assert not is_genuine(forge, SECRET, {**headers, name: ""}, b"body")


def test_a_token_does_not_stand_in_for_a_wrong_signature() -> None:
    headers = {"x-gitlab-token": SECRET, "webhook-signature": "v1,b3RoZXI="}
    assert not is_genuine(Forge.GITLAB, SECRET, headers, b"body")
    assert not is_genuine(Forge.GITHUB, SECRET, {"x-gitlab-token": SECRET}, b"body")


def test_an_address_names_the_server_and_the_hook_and_no_secret() -> None:
    address = ADDRESSES.of(Forge.GITLAB, "0123456789abcdef")
    assert address == "https://kpi.example.com/hooks/gitlab/0123456789abcdef"
    assert SECRET.startswith("whsec_")
    assert SECRET not in repr(ADDRESSES)
    assert ADDRESSES.secret("f" * 16) != SECRET
    assert HookAddresses("https://kpi.example.com", b"x" * 32).secret("0123456789abcdef") != SECRET


@pytest.mark.parametrize(
    ("text", "is_one"), [("0123456789abcdef", True), ("0123", False), ("../etc/passwd", False)]
)
def test_an_id_is_sixteen_digits(text: str, is_one: bool) -> None:
    assert is_hook_id(text) is is_one


@pytest.mark.parametrize(
    ("named", "counts"),
    [
        ((), True),
        (("acme/billing",), True),
        (("ACME/Billing",), True),
        (("acme/*",), True),
        (("acme/ledger", "acme/bill*"), True),
        (("acme/ledger",), False),
        (("billing",), False),
    ],
)
def test_only_the_repositories_that_are_named_count(named: tuple[str, ...], counts: bool) -> None:
    assert HookForm(Forge.GITHUB, named).counts("acme/billing") is counts
