"""What an operator of another system is handed: one signed ZIP with everything that is to be said.

`manifest.json` names the message, what it does to earlier ones, how to acknowledge it and the SHA-256 (hex) of every
other file; `manifest.sig` is the base64 of the Ed25519 signature of its bytes, by the key at `/v1/webhooks/key`.
`cap.xml` is there if the statement is an alert; `statement.pdf` and a text for each language always; for cell
broadcast and signs their short wordings too.
"""

import json
from base64 import b64decode
from hashlib import sha256
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from crisis_bus.channels.signatures import SigningKey, is_signed
from crisis_bus.domain.delivery import Form, OutboxMessage
from crisis_bus.errors import UserError

MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
_FORMS: tuple[Form, ...] = ("broadcast", "sign", "sms")
_MOST_BYTES = 50_000_000
_SAID = ("number", "space", "statement", "incident", "exercise", "rehearsal", "test", "published_at", "expires")


def packed(message: OutboxMessage, files: dict[str, bytes], acknowledge: dict[str, Any], key: SigningKey) -> bytes:
    """The package of a message; the same bytes for the same message and files."""
    bulletin = message.bulletin
    manifest = {
        "id": message.id,
        "channel": message.channel,
        **{name: getattr(bulletin, name) for name in _SAID},
        "kind": bulletin.kind.value,
        "urgent": bulletin.urgent,
        "languages": list(message.languages),
        "replaces": list(bulletin.replaces),
        "acknowledge": acknowledge,
        "files": {name: sha256(body).hexdigest() for name, body in sorted(files.items())},
    }
    signed = json.dumps(manifest, ensure_ascii=False, indent=2).encode()
    return _zipped({MANIFEST: signed, SIGNATURE: key.detached(signed), **files})


def texts(message: OutboxMessage) -> dict[str, bytes]:
    """The words as files, by language: all of them, and the short wordings of the pack."""
    bulletin, files = message.bulletin, {}
    for language in message.languages:
        whole = f"{bulletin.headline.get(language, bulletin.number)}\n\n{bulletin.text.get(language, '')}\n"
        files[f"statement.{language}.txt"] = whole.encode()
        for form in _FORMS:
            if (short := bulletin.forms.get(form, {}).get(language)) is not None:
                files[f"{form}.{language}.txt"] = f"{short}\n".encode()
    return files


def checked(data: bytes, public: str) -> dict[str, Any]:
    """The manifest of a package that is whole and signed by that key; raises UserError, which says what is wrong."""
    try:
        with ZipFile(BytesIO(data)) as package:
            if sum(each.file_size for each in package.infolist()) > _MOST_BYTES:
                msg = f"the package is larger than {_MOST_BYTES} bytes"
                raise UserError(msg)
            files = {name: package.read(name) for name in package.namelist()}
        manifest = files.pop(MANIFEST)
        signature = b64decode(files.pop(SIGNATURE), validate=True)
        said: dict[str, Any] = json.loads(manifest)
        named = dict(said["files"])
    except (BadZipFile, KeyError, ValueError, TypeError) as error:
        msg = "it is no package of a hand-over: a ZIP with manifest.json and manifest.sig"
        raise UserError(msg) from error
    if not is_signed(public, manifest, signature):
        msg = "the manifest is not signed by this key"
        raise UserError(msg)
    wrong = sorted(name for name in files.keys() | named.keys() if _digest(files.get(name)) != named.get(name))
    if wrong:
        msg = f"the manifest does not fit these files: {', '.join(wrong)}"
        raise UserError(msg)
    return said


def _digest(body: bytes | None) -> str | None:
    return None if body is None else sha256(body).hexdigest()


def _zipped(files: dict[str, bytes]) -> bytes:
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as package:
        for name, body in files.items():
            # ZipInfo's own date is 1980: the same files are the same bytes.
            package.writestr(ZipInfo(name), body, ZIP_DEFLATED)
    return made.getvalue()
