"""Signatures: what they cover, who is trusted, and what a key file may hold (I9)."""

import hashlib
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as generate_other_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from shared.domain.errors import InvalidInput
from shared.domain.manifest import Blob, Manifest, Signature
from shared.domain.signing import (
    generate_private_key,
    load_private_key,
    load_trusted_keys,
    manifest_bytes,
    manifest_digest,
    sign_manifest,
    signature_value,
    trusted_key_line,
    verify_manifest,
)
from tests.support.manifests import SIGNING_KEY, TRUSTED_KEYS, signed_manifest

_BLOB = Blob(sha256="0" * 64, size=1)


def _signed() -> Manifest:
    return signed_manifest(2, artifact=_BLOB, public=_BLOB)


def test_signature_survives_the_way_over_the_wire() -> None:
    verify_manifest(Manifest.model_validate_json(manifest_bytes(_signed())), TRUSTED_KEYS)


def test_a_digest_names_the_record_and_not_only_its_number() -> None:
    """I6: two versions of one number differ by it, wherever it is computed."""
    one, other = _signed(), _signed()
    over_the_wire = Manifest.model_validate_json(manifest_bytes(one))
    assert manifest_digest(over_the_wire) == hashlib.sha256(manifest_bytes(one)).hexdigest()
    assert (one.site, one.number) == (other.site, other.number)
    assert manifest_digest(one) != manifest_digest(other)


@pytest.mark.parametrize("change", [{"message": "Give me money."}, {"answer": "x"}, {"stamp": 7}, {"parent": None}])
def test_any_change_breaks_the_signature(change: dict[str, object]) -> None:
    with pytest.raises(InvalidInput, match="wrong signature"):
        verify_manifest(_signed().model_copy(update=change), TRUSTED_KEYS)


def test_removing_a_field_that_has_a_default_breaks_the_signature() -> None:
    fields = json.loads(manifest_bytes(_signed()))
    del fields["answer"]
    with pytest.raises(InvalidInput, match="wrong signature"):
        verify_manifest(Manifest.model_validate(fields), TRUSTED_KEYS)


def test_a_field_that_a_later_release_adds_leaves_old_signatures_good() -> None:
    class LaterManifest(Manifest):
        colour: str = "blue"

    verify_manifest(LaterManifest.model_validate_json(manifest_bytes(_signed())), TRUSTED_KEYS)


def test_unsigned_and_untrusted_manifests_are_refused() -> None:
    with pytest.raises(InvalidInput, match="not signed"):
        verify_manifest(_signed().model_copy(update={"signature": None}), TRUSTED_KEYS)
    stranger = load_private_key(generate_private_key())
    with pytest.raises(InvalidInput, match="not trusted"):
        verify_manifest(sign_manifest(_signed(), stranger), TRUSTED_KEYS)


def test_signing_again_replaces_the_signature() -> None:
    stranger = load_private_key(generate_private_key())
    verify_manifest(sign_manifest(sign_manifest(_signed(), stranger), SIGNING_KEY), TRUSTED_KEYS)


def test_trusted_keys_are_lines_with_comments_and_named_by_their_hash() -> None:
    keys = load_trusted_keys(f"# workers\n\n{trusted_key_line(SIGNING_KEY)}  # first\n")
    raw = SIGNING_KEY.public_key().public_bytes_raw()
    assert list(keys) == [hashlib.sha256(raw).hexdigest()[:16]]


@pytest.mark.parametrize("line", ["nonsense!", "AAAA", "é"])
def test_a_bad_line_of_trusted_keys_is_named(line: str) -> None:
    with pytest.raises(InvalidInput, match="Line 2"):
        load_trusted_keys(f"\n{line}\n")


def test_private_keys_of_other_kinds_and_nonsense_are_refused_without_repeating_them() -> None:
    other = generate_other_key(SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    for pem in ("hunter2", other, ""):
        with pytest.raises(InvalidInput) as caught:
            load_private_key(pem)
        assert not pem or pem not in str(caught.value)


@pytest.mark.parametrize(
    "signature",
    [
        Signature(key="0" * 16, value="AAAA"),
        Signature(key="zz", value="A" * 86 + "=="),
        Signature(key="0" * 16, value="!" * 88),
        Signature(key="0" * 16, value="é"),
    ],
)
def test_a_signature_of_another_shape_is_refused(signature: Signature) -> None:
    with pytest.raises(InvalidInput):
        signature_value(signature)
