"""Ed25519 signatures over manifests, and the keys that make and check them.

What is signed is canonical JSON: the manifest's fields without `signature`, names sorted, no spaces, UTF-8. Only
fields that are present count, so old signatures stay valid when a later release adds a field with a default.
"""

import base64
import hashlib
import json
import re
from collections.abc import Mapping

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from shared.domain.errors import InvalidInput
from shared.domain.manifest import Manifest, Signature

SigningKey = Ed25519PrivateKey
# Key id → public key, of the workers whose manifests are believed.
TrustedKeys = Mapping[str, Ed25519PublicKey]

_KEY_ID = re.compile(r"[0-9a-f]{16}")


def canonical_bytes(manifest: Manifest) -> bytes:
    """The bytes that are signed."""
    fields = manifest.model_dump(mode="json", exclude={"signature"}, exclude_unset=True)
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def manifest_bytes(manifest: Manifest) -> bytes:
    """The JSON that travels and is stored: exactly the fields that were signed, and the signature."""
    return manifest.model_dump_json(exclude_unset=True).encode()


def manifest_digest(manifest: Manifest) -> str:
    """What names a version's record beyond its number: the sha256 (hex) of `manifest_bytes`."""
    return hashlib.sha256(manifest_bytes(manifest)).hexdigest()


def sign_manifest(manifest: Manifest, private_key: Ed25519PrivateKey) -> Manifest:
    """The manifest with every field written out and this key's signature."""
    complete = Manifest.model_validate_json(manifest.model_dump_json())
    value = private_key.sign(canonical_bytes(complete))
    signature = Signature(key=key_id(private_key.public_key()), value=base64.b64encode(value).decode())
    return complete.model_copy(update={"signature": signature})


def verify_manifest(manifest: Manifest, trusted: TrustedKeys) -> None:
    """Accept a manifest that a trusted key signed; raises InvalidInput otherwise."""
    name = f"The manifest of {manifest.site} version {manifest.number}"
    if manifest.signature is None:
        raise InvalidInput(f"{name} is not signed.")
    key = trusted.get(manifest.signature.key)
    if key is None:
        raise InvalidInput(f"{name} is signed by a key that is not trusted.", "Compare the file of trusted keys.")
    try:
        key.verify(signature_value(manifest.signature), canonical_bytes(manifest))
    except InvalidSignature:
        raise InvalidInput(f"{name} has a wrong signature.", "It was changed after it was signed.") from None


def signature_value(signature: Signature) -> bytes:
    """The 64 bytes of a signature; raises InvalidInput if they or the key id have another shape."""
    try:
        value = base64.b64decode(signature.value, validate=True)
    except ValueError:
        value = b""
    if len(value) == 64 and _KEY_ID.fullmatch(signature.key):
        return value
    raise InvalidInput("The manifest's signature is not an Ed25519 signature in base64 with a key id.")


def key_id(public_key: Ed25519PublicKey) -> str:
    """How manifests name a key: the first 16 hex digits of the sha256 of its 32 raw bytes."""
    return hashlib.sha256(public_key.public_bytes_raw()).hexdigest()[:16]


def generate_private_key() -> str:
    """A new private key as PEM (PKCS #8, not encrypted)."""
    key = Ed25519PrivateKey.generate()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def load_private_key(pem: str) -> Ed25519PrivateKey:
    """The private key in a PEM text; raises InvalidInput without repeating any of it."""
    try:
        key = load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise InvalidInput("The signing key is not an Ed25519 private key in PEM.", "Make one and set it again.")
    return key


def trusted_key_line(private_key: Ed25519PrivateKey) -> str:
    """The line with which a file of trusted keys trusts this key: its raw public key in base64."""
    return base64.b64encode(private_key.public_key().public_bytes_raw()).decode()


def load_trusted_keys(text: str) -> dict[str, Ed25519PublicKey]:
    """Key id → public key, from one base64 key a line; `#` starts a comment. Raises InvalidInput naming the line."""
    keys = {}
    for number, line in enumerate(text.splitlines(), 1):
        encoded = line.partition("#")[0].strip()
        if encoded:
            key = _public_key(encoded, number)
            keys[key_id(key)] = key
    return keys


def _public_key(encoded: str, line: int) -> Ed25519PublicKey:
    try:
        return Ed25519PublicKey.from_public_bytes(base64.b64decode(encoded, validate=True))
    except ValueError:
        raise InvalidInput(f"Line {line} of the trusted keys is not an Ed25519 public key in base64.") from None
