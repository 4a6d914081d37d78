"""SKILL.md served as a skill: the extension io.modelcontextprotocol/skills (SEP-2640).

The skill is SKILL.md and the bundled files that it links to, no others. Files are read when a client asks.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, NoReturn, cast

from mcp.server.context import ServerRequestContext
from mcp.server.extension import Extension, MethodBinding, ResourceBinding
from mcp.server.mcpserver.resources import Resource
from mcp.shared.exceptions import MCPError
from mcp.types import INVALID_PARAMS, PaginatedRequestParams, RequestParams
from msgspec import Struct

from customer_escalation import resources

NAME = "customer-escalation"
BASE = f"skill://{NAME}"
MAIN = "SKILL.md"
PACKAGE = "skill/customer_escalation/"
FRESH = {"resultType": "complete", "ttlMs": 300_000, "cacheScope": "public"}
_LINK = re.compile(r"\]\((?:\./)?([\w./-]+\.\w+)(?:#[\w-]*)?\)")
Reply = dict[str, Any]


class SkillFile(Struct, frozen=True):
    """A file of the skill, by its path below SKILL.md's folder."""

    path: str
    data: bytes

    @property
    def uri(self) -> str:
        """Where a client reads it."""
        return f"{BASE}/{self.path}"

    @property
    def mime_type(self) -> str:
        """Markdown, or plain text."""
        return "text/markdown" if self.path.endswith(".md") else "text/plain"

    def listed(self) -> Reply:
        """Its line in the manifest."""
        return {"uri": self.uri, "digest": f"sha256:{hashlib.sha256(self.data).hexdigest()}", "size": len(self.data)}


class FileParams(RequestParams):
    """Which skill."""

    uri: str


class FolderParams(PaginatedRequestParams):
    """Which folder of a skill."""

    uri: str


class SkillResource(Resource):
    """A file of the skill as a resource."""

    path: str

    async def read(self) -> str:
        """Its text."""
        return _place(self.path).read_text(encoding="utf-8")


class Skills(Extension):
    """The one skill of this package."""

    identifier = "io.modelcontextprotocol/skills"

    def settings(self) -> dict[str, Any]:
        """Folders can be read where the skill has any; a flat skill is listed whole already."""
        return {"directoryRead": True} if _has_folders() else {}

    def resources(self) -> Sequence[ResourceBinding]:
        """The files as resources."""
        return [ResourceBinding(_resource(path)) for path in paths()]

    def methods(self) -> Sequence[MethodBinding]:
        """The extension's methods."""
        listing = MethodBinding("skills/list", PaginatedRequestParams, _list_skills)
        getting = MethodBinding("skills/get", FileParams, _get_skill)
        reading = MethodBinding("resources/directory/read", FolderParams, _read_folder)
        return (listing, getting, reading) if _has_folders() else (listing, getting)


async def _list_skills(ctx: ServerRequestContext[Any, Any], params: PaginatedRequestParams) -> Reply:
    return {**FRESH, "skills": [entry()]}


async def _get_skill(ctx: ServerRequestContext[Any, Any], params: FileParams) -> Reply:
    if params.uri != f"{BASE}/{MAIN}":
        _unknown("skill", params.uri)
    return {**FRESH, "skill": entry()}


async def _read_folder(ctx: ServerRequestContext[Any, Any], params: FolderParams) -> Reply:
    uri, listing = params.uri.rstrip("/"), folders()
    if uri not in listing:
        _unknown("folder", params.uri)
    return {**FRESH, "resources": listing[uri]}


def _unknown(what: str, uri: str) -> NoReturn:
    raise MCPError(INVALID_PARAMS, f"unknown {what}: {uri[:200]}")


def _resource(path: str) -> SkillResource:
    main = path == MAIN
    return SkillResource(
        uri=f"{BASE}/{path}",
        name=NAME if main else path,
        description=_description() if main else None,
        mime_type=SkillFile(path, b"").mime_type,
        path=path,
    )


@cache
def paths() -> tuple[str, ...]:
    """SKILL.md and the bundled files it links to, each once."""
    linked = (path for path in _LINK.findall(resources.text_of(MAIN)) if ".." not in path and _is_bundled(path))
    return tuple(dict.fromkeys((MAIN, *linked)))


def _has_folders() -> bool:
    return any("/" in path for path in paths())


def _is_bundled(path: str) -> bool:
    try:
        return _place(path).is_file()
    except FileNotFoundError:
        return False


def _place(path: str) -> Path:
    """Where a file of the skill is: the package's own folder is part of the skill's folder, installed or not."""
    own = path.removeprefix(PACKAGE)
    return resources.path_of(path) if own == path else resources.PACKAGE / own


@cache
def files() -> tuple[SkillFile, ...]:
    """The skill's files, as they are on disk."""
    return tuple(SkillFile(path, _place(path).read_bytes()) for path in paths())


def entry() -> Reply:
    """The skill as the extension lists it: where it is, its front matter, its files with their digests."""
    return {"uri": f"{BASE}/{MAIN}", "frontmatter": front_matter(), "resources": [file.listed() for file in files()]}


def _description() -> str:
    """The skill's description; read without a YAML parser where it stands on one line, since every start needs it."""
    line = re.search(r"(?m)^description: *([^\s>|\"'&*!{\[].*)$", resources.text_of(MAIN))
    return line.group(1).strip() if line else str(front_matter()["description"])


@cache
def front_matter() -> dict[str, object]:
    """What SKILL.md says of itself."""
    import yaml

    return cast("dict[str, object]", yaml.safe_load(resources.text_of(MAIN).split("---", 2)[1]))


@cache
def folders() -> dict[str, list[Reply]]:
    """What each folder of the skill holds; a folder in a folder is listed too."""
    listing: dict[str, list[Reply]] = {BASE: []}
    for file in files():
        below = BASE
        *parents, name = file.path.split("/")
        for parent in parents:
            inner = f"{below}/{parent}"
            if inner not in listing:
                listing[inner] = []
                listing[below].append({"uri": inner, "name": parent, "mimeType": "inode/directory"})
            below = inner
        listing[below].append({"uri": file.uri, "name": name, "mimeType": file.mime_type})
    return listing
