"""How Django finds our models."""

from django.apps import AppConfig


class StorageConfig(AppConfig):
    """Our own tables, all of them named ``kept_…``."""

    name = "kept.storage"
    label = "kept"
    default_auto_field = "django.db.models.BigAutoField"
