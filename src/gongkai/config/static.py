"""Static files under names that carry their digest, compressed once."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ManifestStorage(CompressedManifestStaticFilesStorage):
    """A file missing from the manifest keeps its plain name: a forgotten icon must not take a page down."""

    manifest_strict = False
