"""API keys: `cb_<id>_<secret>`; the file keeps the SHA-256 of a secret that is random enough to need no salt."""

import hmac
import re
import tomllib
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from hashlib import sha256

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from crisis_bus.domain.actors import entity
from crisis_bus.domain.subscriptions import Name
from crisis_bus.errors import SettingsError

CHANCE_BYTES = 32
_TOKEN = re.compile(r"cb_([a-z0-9-]{1,40})_([A-Za-z0-9_-]{16,100})", re.ASCII)
_NOBODY = sha256(b"no key has this secret").hexdigest()


class Scope(StrEnum):
    """What a key may do."""

    READ = "read"
    COMMAND = "command"
    REPORT = "report"
    SUBSCRIBE = "subscribe"
    ADMIN = "admin"


class ApiKey(BaseModel):
    """One key as the file keeps it; `by` is the person for whom it speaks, `spaces` are names or patterns."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str = Field(pattern=r"^[a-z0-9-]{1,40}$")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    by: Name
    spaces: tuple[Name, ...] = Field(min_length=1)
    scopes: frozenset[Scope] = Field(min_length=1)
    may_speak_for_others: bool = False

    @property
    def entity(self) -> str:
        """The entity of the person."""
        return entity(self.by)

    def may(self, scope: Scope) -> bool:
        """Whether the key has a scope; an administrator has all of them."""
        return scope in self.scopes or Scope.ADMIN in self.scopes

    def enters(self, space: str) -> bool:
        """Whether the key is good for a space."""
        return any(fnmatchcase(space, pattern) for pattern in self.spaces)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    keys: tuple[ApiKey, ...] = ()


class Denial(StrEnum):
    """Which rule kept somebody out; for the audit log and the metrics."""

    NO_KEY = "no_key"
    UNKNOWN_KEY = "unknown_key"
    WRONG_SECRET = "wrong_secret"  # noqa: S105 the name of a rule, not a secret
    SCOPE = "scope"
    SPACE = "space"
    SPEAKS_FOR_OTHERS = "speaks_for_others"
    SUBSCRIBER = "subscriber"
    OUTLET = "outlet"
    UNSUBSCRIBE_LINK = "unsubscribe_link"
    CONFIRM_LINK = "confirm_link"
    SIGN_UP = "sign_up"
    ACKNOWLEDGE_LINK = "acknowledge_link"
    OFFICE = "office"
    UNKNOWN_PROVIDER = "unknown_provider"
    PROVIDER_SECRET = "provider_secret"  # noqa: S105 the name of a rule, not a secret


@dataclass(frozen=True, slots=True)
class Denied:
    """Nobody is let in; `key` is the id that was claimed, if one was."""

    rule: Denial
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys that the gateway accepts."""

    by_id: Mapping[str, ApiKey]

    def authenticate(self, authorization: str | None) -> ApiKey | Denied:
        """The key of an `Authorization` header; an id that is not known takes as long as a wrong secret."""
        scheme, _, token = (authorization or "").partition(" ")
        found = _TOKEN.fullmatch(token.strip())
        if scheme.lower() != "bearer" or not found:
            return Denied(Denial.NO_KEY)
        key = self.by_id.get(found[1])
        right = hmac.compare_digest(_hashed(found[2]), key.sha256 if key else _NOBODY)
        if key is None:
            return Denied(Denial.UNKNOWN_KEY, found[1])
        return key if right else Denied(Denial.WRONG_SECRET, key.id)


def load(text: str, name: str) -> Keys:
    """The keys in the text of a TOML file; raises SettingsError, which names the file."""
    try:
        file = _File.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        msg = f"{name}: not valid TOML: {error}"
        raise SettingsError(msg) from error
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        msg = f"{name}: {place}: {first['msg']}"
        raise SettingsError(msg) from error
    return of(file.keys, name)


def of(keys: Iterable[ApiKey], name: str = "keys") -> Keys:
    """Some keys by id; raises SettingsError if an id is there twice."""
    by_id: dict[str, ApiKey] = {}
    for key in keys:
        if key.id in by_id:
            msg = f"{name}: the key id {key.id!r} is there twice; every key needs its own"
            raise SettingsError(msg)
        by_id[key.id] = key
    return Keys(by_id)


def make(
    id: str,  # noqa: A002 the file calls it so
    by: str,
    spaces: Iterable[str],
    scopes: Iterable[Scope],
    chance: bytes,
    *,
    may_speak_for_others: bool = False,
) -> tuple[str, ApiKey]:
    """A new key: the token, which is shown once, and the record for the file; `chance` are 32 random bytes."""
    if len(chance) < CHANCE_BYTES:
        msg = f"a key needs {CHANCE_BYTES} random bytes, not {len(chance)}"
        raise SettingsError(msg)
    secret = urlsafe_b64encode(chance[:CHANCE_BYTES]).decode().rstrip("=")
    try:
        record = ApiKey(
            id=id,
            sha256=_hashed(secret),
            by=by,
            spaces=tuple(spaces),
            scopes=frozenset(scopes),
            may_speak_for_others=may_speak_for_others,
        )
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        msg = f"the key cannot be made: {first['loc'][0]}: {first['msg']}"
        raise SettingsError(msg) from error
    return f"cb_{id}_{secret}", record


def as_toml(key: ApiKey) -> str:
    """The record as one more table of the keys file."""
    lines = [
        "[[keys]]",
        f"id = {_quoted(key.id)}",
        f"sha256 = {_quoted(key.sha256)}",
        f"by = {_quoted(key.by)}",
        f"spaces = [{', '.join(map(_quoted, key.spaces))}]",
        f"scopes = [{', '.join(sorted(map(_quoted, key.scopes)))}]",
        f"may_speak_for_others = {str(key.may_speak_for_others).lower()}",
    ]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _hashed(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
