"""The public pages as the web channel wrote them, read only."""

from os import PathLike, stat_result
from pathlib import Path, PurePath

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".atom": "application/atom+xml; charset=utf-8",
    ".rss": "application/rss+xml; charset=utf-8",
    ".xml": "application/xml; charset=utf-8",
    ".cap": "application/cap+xml; charset=utf-8",
    ".json": "application/json",
    ".css": "text/css; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
}


class PublicPages(StaticFiles):
    """A folder that may not be there yet."""

    def __init__(self, folder: Path) -> None:
        super().__init__(directory=folder, html=True, check_dir=False)

    async def check_config(self) -> None:
        """Nothing to check: before the first statement is published there is no folder."""

    def lookup_path(self, path: str) -> tuple[str, stat_result | None]:
        """Find a file; hidden ones and half-written ones are not there."""
        if "\x00" in path or any(part.startswith(".") for part in PurePath(path).parts if part != "."):
            return "", None
        return super().lookup_path(path)

    def file_response(
        self, full_path: str | PathLike[str], stat_result: stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """Serve a file with its type, and let caches ask again."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        suffix = PurePath(full_path).suffix
        response.headers["Content-Type"] = _TYPES.get(suffix, "application/octet-stream")
        response.headers["Cache-Control"] = "no-cache"
        return response
