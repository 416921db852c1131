"""The command line's side of the gateway: one small client, and answers turned into sentences."""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

import httpx2
from pydantic_core import from_json, to_json

from crisis_bus.errors import NotReachable, UserError
from crisis_bus.settings import Settings

Json = dict[str, Any]
_WAIT_SECONDS = 20
_PAGE = 500


class Refusal(UserError):
    """The gateway answered with a problem (RFC 9457)."""


class Gateway:
    """A gateway at an address, spoken to with one API key."""

    def __init__(self, settings: Settings) -> None:
        """Take address and key from the settings; without a key, the one that `up` left in the data folder."""
        self.space = settings.space
        self._url = settings.gateway_url.rstrip("/")
        key = settings.api_key.get_secret_value() if settings.api_key else local_key(settings)
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._http = httpx2.Client(base_url=self._url, headers=headers, timeout=_WAIT_SECONDS + 15)

    def command(self, command: Json, *, wait: float = _WAIT_SECONDS) -> Json:
        """Ask, and wait for what the desk makes of it; raises Refusal and NotReachable."""
        accepted = self.ask(command)
        return self.get(accepted["status_url"], {"wait": wait})

    def ask(self, command: Json) -> Json:
        """Ask; the answer says under which id it is on the log."""
        return self._answered(self._send("POST", "/v1/commands", content=to_json(command)))

    def get(self, path: str, parameters: Mapping[str, Any] | None = None) -> Json:
        """One answer."""
        given = {name: value for name, value in (parameters or {}).items() if value is not None}
        return self._answered(self._send("GET", str(httpx2.URL(path).copy_merge_params(given))))

    def put(self, path: str, body: Json) -> Json:
        """Write something."""
        return self._answered(self._send("PUT", path, content=to_json(body)))

    def patch(self, path: str, body: Json) -> Json:
        """Change something."""
        return self._answered(self._send("PATCH", path, content=to_json(body)))

    def post(self, path: str, body: Json) -> Json:
        """Hand something in."""
        return self._answered(self._send("POST", path, content=to_json(body)))

    def delete(self, path: str) -> None:
        """Remove something."""
        self._answered(self._send("DELETE", path))

    def pages(self, path: str, parameters: Mapping[str, Any]) -> Iterator[Json]:
        """Every item of a paged answer."""
        after = None
        while True:
            page = self.get(path, {**parameters, "limit": _PAGE, "after": after})
            yield from page["items"]
            if not page["more"]:
                return
            after = page["after"]

    def _send(self, method: str, path: str, **more: Any) -> httpx2.Response:  # noqa: ANN401 passed on to httpx2
        headers = {"Content-Type": "application/json"} if "content" in more else {}
        try:
            return self._http.request(method, path, headers=headers, **more)
        except httpx2.TransportError as error:
            msg = f"the gateway at {self._url} does not answer ({error}); `crisis-bus up` starts one on this machine"
            raise NotReachable(msg) from error

    def _answered(self, response: httpx2.Response) -> Json:
        if response.status_code == HTTPStatus.NO_CONTENT:
            return {}
        try:
            body: Json = from_json(response.content)
        except ValueError as error:
            msg = f"{self._url} does not answer like a gateway (HTTP {response.status_code}); check gateway_url"
            raise NotReachable(msg) from error
        if response.status_code < HTTPStatus.BAD_REQUEST:
            return body
        sentence = problem(body)
        if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise NotReachable(sentence)
        if response.status_code == HTTPStatus.UNAUTHORIZED:
            sentence += " (crisis-bus sends CRISIS_BUS_API_KEY; `crisis-bus keys make` makes a key)"
        raise Refusal(sentence)


def problem(body: Json) -> str:
    """A problem in one line, English first on a terminal, the Arabic after it."""
    details = body.get("details") or {}
    field = f" ({body['field']})" if body.get("field") else ""
    said = " · ".join(text for text in (details.get("en"), details.get("ar")) if text) or body.get("title", "")
    return f"{body.get('code', 'refused')}{field}: {said}"


def local_key(settings: Settings) -> str | None:
    """The key that `up` wrote for the command line of this checkout."""
    path = settings.data / "cli-key"
    return path.read_text(encoding="utf-8").strip() if path.is_file() else None
