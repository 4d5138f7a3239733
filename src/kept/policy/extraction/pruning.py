"""Which parts of a web page belong to the page and not to its text."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_NEVER = frozenset(
    [
        "script",
        "style",
        "template",
        "noscript",
        "iframe",
        "object",
        "embed",
        "svg",
        "math",
        "canvas",
        "head",
        "link",
        "meta",
        "audio",
        "video",
        "map",
        "input",
        "select",
        "textarea",
        "option",
        "datalist",
        "progress",
        "meter",
        "nav",
        "aside",
        "dialog",
        "menu",
        "frame",
        "frameset",
        "applet",
        "picture",
        "img",
    ]
)
_ROLES = frozenset(
    [
        "navigation",
        "banner",
        "contentinfo",
        "complementary",
        "search",
        "dialog",
        "alertdialog",
        "menu",
        "menubar",
        "toolbar",
        "tooltip",
        "status",
    ]
)
_PRODUCTS = re.compile(
    r"onetrust|cybot|cookiebot|didomi|usercentrics|truste|trustarc|qc-cmp|sp_message|osano-cm"
    r"|cky-|cmplz|fc-consent|iubenda-cs|cookieyes|termly-styles|borlabs|klaro|tarteaucitron|axeptio"
    r"|cc-window|cookieconsent|cookie-law-info|moove_gdpr",
    re.IGNORECASE,
)
_CONSENT = frozenset({"cookie", "cookies", "consent", "gdpr", "ccpa", "cmp"})
_OVERLAY = frozenset(
    [
        "banner",
        "bar",
        "popup",
        "modal",
        "overlay",
        "dialog",
        "wall",
        "toast",
        "manager",
        "sdk",
        "prompt",
        "message",
        "box",
        "notice",
        "bottom",
        "container",
        "settings",
        "preferences",
    ]
)
_EDGE = frozenset(
    {"footer", "sidebar", "masthead", "topbar", "breadcrumb", "breadcrumbs", "navbar"}
)
_LINKS = frozenset(
    [
        "nav",
        "navigation",
        "menu",
        "submenu",
        "share",
        "sharing",
        "social",
        "newsletter",
        "subscribe",
        "related",
        "pagination",
        "pager",
        "comments",
        "advert",
        "ads",
        "promo",
        "search",
        "offcanvas",
        "drawer",
        "skip",
        "switcher",
        "toc",
        "languages",
    ]
)
_UNSEEN = re.compile(
    r"\b(?:sr-only|visually-hidden|visuallyhidden|screen-reader-text|skip-link)\b", re.IGNORECASE
)
_STYLED_AWAY = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# What opens when it is asked to is hidden until then, and is text all the same.
_OPENS = re.compile(r"accordion|collaps|panel|tab|toggle|expand|faq|content", re.IGNORECASE)
_PIECE = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_TITLES = frozenset({"h1"})
_TABLES = frozenset({"table"})
_KEPT_WHOLE = frozenset({"html", "body", "main", "article"}) | _HEADINGS
_MOST = 0.4
_MOSTLY_LINKS = 0.5
_CONSENT_SHARE = 0.3


class Weights:
    """How much text, and how much of it in links, each element of a page holds."""

    def __init__(self, root: "HtmlElement") -> None:
        self._text: dict[HtmlElement, int] = {}
        self._links: dict[HtmlElement, int] = {}
        self._headed: set[HtmlElement] = set()
        self._titled: set[HtmlElement] = set()
        self._tabled: set[HtmlElement] = set()
        for element in reversed(list(root.iter())):
            self._weigh(element)
        self.whole = max(self._text.get(root, 0), 1)

    def _weigh(self, element: "HtmlElement") -> None:
        if not isinstance(element.tag, str) or element.tag in _NEVER:
            return
        text = len((element.text or "").strip())
        links = 0
        for child in element:
            text += self._text.get(child, 0) + len((child.tail or "").strip())
            links += self._links.get(child, 0)
        self._text[element] = text
        self._links[element] = text if element.tag == "a" else links
        for holding, tags in (
            (self._headed, _HEADINGS),
            (self._titled, _TITLES),
            (self._tabled, _TABLES),
        ):
            if any(child in holding or child.tag in tags for child in element):
                holding.add(element)

    def text(self, element: "HtmlElement") -> int:
        """Return how many characters stand in `element`."""
        return self._text.get(element, 0)

    def share(self, element: "HtmlElement") -> float:
        """Return which part of the page's text stands in `element`."""
        return self.text(element) / self.whole

    def in_links(self, element: "HtmlElement") -> float:
        """Return which part of the text of `element` stands in links."""
        return self._links.get(element, 0) / max(self.text(element), 1)

    def has_heading(self, element: "HtmlElement") -> bool:
        """Return whether `element` holds a heading."""
        return element in self._headed

    def has_title(self, element: "HtmlElement") -> bool:
        """Return whether `element` holds a heading of the first rank."""
        return element in self._titled

    def has_table(self, element: "HtmlElement") -> bool:
        """Return whether `element` holds a table."""
        return element in self._tabled


def is_chrome(element: "HtmlElement", weights: Weights, *, inside: bool) -> bool:
    """Return whether `element` belongs to the page: navigation, a banner, what nobody sees.

    Args:
        element: An element of a page.
        weights: How much each element of the page holds.
        inside: Whether it stands in the part that the page itself calls its main one.
    """
    tag = element.tag
    if tag in _NEVER or _is_hidden(element):
        return True
    if tag in _KEPT_WHOLE:
        return False
    if element.get("role", "").strip().lower() in _ROLES:
        return weights.share(element) < _MOST or not weights.has_heading(element)
    if tag in {"header", "footer"} and not inside:
        return (
            not (tag == "header" and weights.has_title(element)) and weights.share(element) < _MOST
        )
    if tag == "button":
        return not _opens(element)
    return _named_chrome(element, weights)


def _names(element: "HtmlElement") -> str:
    return f"{element.get('id', '')[:200]} {element.get('class', '')[:600]}".strip()


def _is_hidden(element: "HtmlElement") -> bool:
    names = _names(element)
    if _UNSEEN.search(names):
        return True
    hidden = element.get("hidden", "shown").lower() not in {"shown", "until-found"}
    if not (
        hidden
        or element.get("aria-hidden", "").lower() == "true"
        or _STYLED_AWAY.search(element.get("style", ""))
    ):
        return False
    if element.get("role") in {"tabpanel", "region"} or element.get("aria-labelledby"):
        return False
    return not _OPENS.search(names) or bool(_PRODUCTS.search(names))


def _opens(button: "HtmlElement") -> bool:
    parent = button.getparent()
    return (
        (parent is not None and parent.tag in _HEADINGS | {"dt", "summary"})
        or "accordion" in button.get("class", "").lower()
        or (button.get("aria-controls") is not None and button.get("aria-haspopup") is None)
    )


def _named_chrome(element: "HtmlElement", weights: Weights) -> bool:
    names = _names(element)
    if not names:
        return False
    share = weights.share(element)
    if _PRODUCTS.search(names):
        return share < _MOST
    for name in names.split():
        words = {piece.lower() for piece in _PIECE.findall(name)}
        if words & _CONSENT and words & _OVERLAY:
            return share < _CONSENT_SHARE and element.tag in {"div", "section", "form", "p"}
        if words & _EDGE:
            return share < _MOST and (
                weights.in_links(element) > _MOSTLY_LINKS or not weights.has_heading(element)
            )
        if words & _LINKS and weights.in_links(element) > _MOSTLY_LINKS:
            return True
    return False
