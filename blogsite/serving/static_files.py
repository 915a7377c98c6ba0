"""Static files under hashed names, with the imports between scripts written to those names."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """Unhashed imports would load a script twice: once by its tag, once by the import."""

    support_js_module_import_aggregation = True
