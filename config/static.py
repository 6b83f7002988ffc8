"""How built and hand-written assets are served: hashed names, kept for ever by browsers, compressed ahead."""

import re
from typing import Any

from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

# Vite has already put a hash into these names, and Excalidraw asks for its fonts by their plain ones.
BUILT_BY_VITE = re.compile(r"^board/")
# Django's names, Vite's, and the editor's fonts: most of those carry a hash, and the few that do not are
# releases of typefaces that are finished.
NEVER_CHANGES = re.compile(
    r"\.[0-9a-f]{12}\.[0-9a-z]+$|/board/assets/[^/]+-[0-9A-Za-z_-]{8}\.[0-9a-z]+$|/board/fonts/"
)
# What the editor brings along for diagram languages and translations: seldom or never asked for, and
# compressing it would take most of a first start.
SELDOM = re.compile(r"(^|/)(admin|django_celery_beat)/|(^|/)board/assets/(?!Board-|main-)")


class OftenAsked(Compressor):
    """Compress what visitors load, and leave the rest as it is."""

    def should_compress(self, filename: str) -> bool:
        return not SELDOM.search(filename) and bool(super().should_compress(filename))


class Storage(CompressedManifestStaticFilesStorage):
    """Hash our own files; leave the board island's files under the names its code imports."""

    manifest_strict = False

    def create_compressor(self, **kwargs: Any) -> Compressor:
        return OftenAsked(**kwargs)

    def hashed_name(self, name: str, content: object = None, filename: str | None = None) -> str:
        if BUILT_BY_VITE.match(name):
            return name
        return str(super().hashed_name(name, content, filename))

    def url_converter(self, name, hashed_files, template=None):  # type: ignore[no-untyped-def]
        if BUILT_BY_VITE.match(name):
            return lambda match: match.group(0)
        return super().url_converter(name, hashed_files, template)


def immutable(path: str, url: str) -> bool:
    """Say whether the file at `url` may be kept for ever: its name changes when its content does."""
    return bool(NEVER_CHANGES.search(url))
