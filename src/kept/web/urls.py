"""Which addresses the pages have."""

from django.urls import path, register_converter

from kept.web import views
from kept.web.setup import LANGUAGES


class LanguageConverter:
    """The first part of an address: one of the languages that pages are written in."""

    regex = "|".join(code for code, _ in LANGUAGES)

    def to_python(self, value: str) -> str:
        """Return the language's tag."""
        return value

    def to_url(self, value: str) -> str:
        """Return the language's tag."""
        return value


register_converter(LanguageConverter, "language")

urlpatterns = [
    path("", views.front, name="front"),
    path("<language:language>/", views.board, name="board"),
    path("assets/<str:name>", views.asset, name="asset"),
]

handler400 = "kept.web.views.refused"
handler404 = "kept.web.views.missing"
handler500 = "kept.web.views.failed"
