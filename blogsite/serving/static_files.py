"""Stores static files under hashed names, and rewrites imports between scripts to those names."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """With unhashed imports a browser loads a script twice: by its tag and by the import."""

    support_js_module_import_aggregation = True
