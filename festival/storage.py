from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Content-hashed static files, with the imports between ES modules rewritten as well."""

    support_js_module_import_aggregation = True
