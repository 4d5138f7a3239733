"""What may be asked, by whose name, and what every answer forbids the browser."""

from collections.abc import Callable

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from kept.web import views

Answer = Callable[[HttpRequest], HttpResponse]

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Nothing but our own style sheet and pictures: no script, no inline style, no frame."""

_METHODS = ("GET", "HEAD")
_OFF = ("camera", "geolocation", "microphone", "payment", "usb", "browsing-topics")


def strict(answer: Answer) -> Answer:
    """Return `answer` for those who only read and who ask for this machine by its name.

    A page of another site that resolves to this machine asks under that site's name, and
    is refused: otherwise it could read what stands here.
    """

    def answered(request: HttpRequest) -> HttpResponse:
        response = _asked(request, answer)
        response["Content-Security-Policy"] = POLICY
        response["Permissions-Policy"] = ", ".join(f"{feature}=()" for feature in _OFF)
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        response["X-Content-Type-Options"] = "nosniff"
        response.setdefault("Cache-Control", "no-store")
        # Without a length the server would have to close the connection after each answer.
        response.setdefault("Content-Length", str(len(response.content)))
        return response

    return answered


def _asked(request: HttpRequest, answer: Answer) -> HttpResponse:
    try:
        request.get_host()
    except DisallowedHost as refusal:
        return views.refused(request, refusal)
    if request.method not in _METHODS:
        return HttpResponseNotAllowed(_METHODS)
    return answer(request)
