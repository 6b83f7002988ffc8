"""A device with one passkey: it answers what a browser would be asked, by the book (WebAuthn level 2)."""

import hashlib
import json
from typing import Any

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_encode

from accounts.models import User

PRESENT, VERIFIED, WITH_KEY = 0x01, 0x04, 0x40
HOST, ORIGIN = "localhost", "http://localhost"


class Device:
    def __init__(self, origin: str = ORIGIN, host: str = HOST) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = b"one passkey of a device"
        self.origin, self.host, self.verifies = origin, host, True

    def kept_by(self, person: User, name: str = "Laptop") -> Authenticator:
        """Return the passkey as it is stored once the person has added it."""
        credential = self.made({"publicKey": {"challenge": "AAAA"}})
        return Authenticator.objects.create(
            user=person, type=Authenticator.Type.WEBAUTHN, data={"name": name, "credential": credential}
        )

    def made(self, options: dict[str, Any]) -> dict[str, Any]:
        """Answer what `navigator.credentials.create` does."""
        public = cbor.encode(dict(ES256.from_cryptography_key(self.key.public_key())))
        about = self.about(WITH_KEY) + bytes(16) + len(self.id).to_bytes(2, "big") + self.id + public
        statement = cbor.encode({"fmt": "none", "attStmt": {}, "authData": about})
        response = {"attestationObject": websafe_encode(statement)}
        return self.answer("webauthn.create", options, response)[0]

    def used(self, options: dict[str, Any], person: User) -> dict[str, Any]:
        """Answer what `navigator.credentials.get` does."""
        about = self.about()
        answer, signed = self.answer("webauthn.get", options, {"authenticatorData": websafe_encode(about)})
        signature = self.key.sign(about + hashlib.sha256(signed).digest(), ec.ECDSA(hashes.SHA256()))
        answer["response"]["signature"] = websafe_encode(signature)
        answer["response"]["userHandle"] = websafe_encode(user_pk_to_url_str(person).encode())
        return answer

    def about(self, more: int = 0) -> bytes:
        flags = PRESENT | (VERIFIED if self.verifies else 0) | more
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + bytes(4)

    def answer(
        self, kind: str, options: dict[str, Any], response: dict[str, Any]
    ) -> tuple[dict[str, Any], bytes]:
        said = {"type": kind, "challenge": options["publicKey"]["challenge"], "origin": self.origin}
        signed = json.dumps(said).encode()
        answer = {
            "id": websafe_encode(self.id),
            "rawId": websafe_encode(self.id),
            "type": "public-key",
            "response": response | {"clientDataJSON": websafe_encode(signed)},
            "clientExtensionResults": {},
        }
        return answer, signed
