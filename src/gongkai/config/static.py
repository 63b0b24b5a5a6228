"""Static files under names that carry their digest, compressed once."""

from django.conf import settings
from whitenoise.storage import CompressedManifestStaticFilesStorage


class ManifestStorage(CompressedManifestStaticFilesStorage):
    """A file missing from the manifest keeps its plain name: a forgotten icon must not take a page down."""

    manifest_strict = False

    def url(self, name: str | None, force: bool = False) -> str:
        """The address of a file, remembered: the manifest is read once and holds until the next start."""
        if name is None or force or settings.DEBUG:
            return str(super().url(name, force))
        known: dict[str, str] = self.__dict__.setdefault("_urls", {})
        if name not in known:
            known[name] = str(super().url(name))
        return known[name]
