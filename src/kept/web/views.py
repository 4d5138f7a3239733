"""What is answered at each address."""

from importlib.resources import files
from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from kept.web.board import board as board_shown
from kept.web.text import direction

if TYPE_CHECKING:
    from kept.web.page import Page

PAGE = "kept.page"
"""Where the WSGI environment carries what the pages show."""

_ASSETS = {"kept.css": "text/css; charset=utf-8", "mark.svg": "image/svg+xml"}


def front(request: HttpRequest) -> HttpResponse:
    """Send the reader to the board in the language that the browser asks for."""
    response = HttpResponseRedirect(f"/{translation.get_language_from_request(request)}/")
    patch_vary_headers(response, ["Accept-Language"])
    return response


def board(request: HttpRequest, language: str) -> HttpResponse:
    """Show every promise, its verdict and what the verdict rests on."""
    page: Page = request.META[PAGE]
    with translation.override(language):
        response = render(request, "board.html", board_shown(page, language))
    response["Content-Language"] = language
    return response


def asset(request: HttpRequest, name: str) -> HttpResponse:
    """Return the style sheet or a picture."""
    del request
    if name not in _ASSETS:
        raise Http404
    content = files("kept.web").joinpath("assets", name).read_bytes()
    response = HttpResponse(content, content_type=_ASSETS[name])
    response["Cache-Control"] = "max-age=300"
    return response


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that the request cannot be answered as it was made."""
    del exception
    with translation.override(_language(request)):
        return _message(request, 400, _("This page answers on this machine alone."))


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that there is no such page."""
    del exception
    with translation.override(_language(request)):
        return _message(request, 404, _("There is no such page."))


def failed(request: HttpRequest) -> HttpResponse:
    """Say that something went wrong here, and nothing of what."""
    with translation.override(_language(request)):
        return _message(request, 500, _("Something went wrong here. The terminal says more."))


def _message(request: HttpRequest, status: int, words: str) -> HttpResponse:
    language = translation.get_language()
    shown = {"language": language, "direction": direction(language), "words": words}
    return render(request, "message.html", shown, status=status)


def _language(request: HttpRequest) -> str:
    return str(translation.get_language_from_request(request))
