"""How Django is set up where pages are served."""

from pathlib import Path

from django.conf import settings

from kept.storage import setup as storage

_HERE = Path(__file__).parent

LANGUAGES = (("en", "English"), ("fr", "Français"), ("ar", "العربية"))
"""The languages of every page, each by its own name."""

HOSTS = ("127.0.0.1", "localhost", "[::1]")
"""Names under which a browser on this machine may ask. Any other is refused."""


def configure() -> None:
    """Set Django up with what pages need. Call it before a database is opened.

    Raises:
        ValueError: Django is set up already, and not for pages.
    """
    if settings.configured and getattr(settings, "ROOT_URLCONF", "") == "kept.web.urls":
        return
    storage.configure(
        ALLOWED_HOSTS=list(HOSTS),
        INSTALLED_APPS=["kept.storage.apps.StorageConfig"],
        LANGUAGES=list(LANGUAGES),
        LANGUAGE_CODE="en",
        LOCALE_PATHS=[str(_HERE / "locale")],
        USE_I18N=True,
        MIDDLEWARE=[
            "kept.web.headers.strict",
            "django.middleware.security.SecurityMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ],
        ROOT_URLCONF="kept.web.urls",
        SECURE_REFERRER_POLICY="no-referrer",
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [str(_HERE / "templates")],
            }
        ],
        X_FRAME_OPTIONS="DENY",
    )
