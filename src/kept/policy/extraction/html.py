"""Which words of a web page are its text, and how they are laid out."""

import re
from collections import deque
from typing import TYPE_CHECKING

from kept.policy.decoding import decode
from kept.policy.errors import DamagedPolicyError, EmptyPolicyError, PolicyTooLargeError
from kept.policy.extraction.extracted import Format, refusing_damage
from kept.policy.extraction.pruning import Weights, is_chrome
from kept.policy.extraction.writing import Writer

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_DECLARED = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([a-zA-Z0-9_.:-]{2,40})", re.IGNORECASE
)
_PROLOGUE = re.compile(r"\s*<\?xml[^>]{0,300}\?>")
_UNPRINTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_MOST_TAGS = 300_000
# A page that declares another encoding than its own loses most of what is not ASCII.
_LOST = "\ufffd"
_OUTSIDE = re.compile(r"[^\x00-\x7f]")
_MOST_LOST = 0.5
# Each attribute of a tag is compared with all of them.
_MOST_ATTRIBUTES = 1_000
_LONG_TAG = re.compile(r"<[a-zA-Z](?:[^\"'<>]|\"[^\"]*\"|'[^']*')*+")
_VALUE = re.compile(r"\"[^\"]*\"|'[^']*'")
_MAIN_SHARE = 0.4
_ARTICLE_SHARE = 0.6
# A page says latin-1 and means what Windows makes of it: the web agreed on that reading.
_MEANT = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252"}


def read_html(content: bytes) -> str:
    """Return the text of a saved page: its main part, as Markdown, without the page's own.

    Raises:
        DamagedPolicyError: The page could not be parsed at all.
        UnreadablePolicyError: It is too large, binary, or holds no words.
    """
    if content.count(b"<") > _MOST_TAGS:
        raise PolicyTooLargeError(f"the page has more than {_MOST_TAGS:,} tags")
    marked = _decode(content)
    _check_attributes(marked)
    with refusing_damage(Format.HTML):
        root = _parse(marked)
        if root is None:
            raise EmptyPolicyError("the page is empty")
        text = _write(root)
    if not text:
        raise EmptyPolicyError("the page holds no text outside its navigation and scripts")
    return text


def _check_attributes(text: str) -> None:
    for tag in _LONG_TAG.finditer(text):
        if tag.end() - tag.start() > _MOST_ATTRIBUTES:
            count = len(_VALUE.sub(" ", tag[0]).split())
            if count > _MOST_ATTRIBUTES:
                raise DamagedPolicyError(
                    f"a tag of the page has more than {_MOST_ATTRIBUTES:,} attributes"
                )


def _decode(content: bytes) -> str:
    declared = _DECLARED.search(content[:4096])
    marked = content.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"))
    if declared and not marked and not _is_utf8(content):
        name = declared[1].decode("ascii").lower()
        try:
            text = content.decode(_MEANT.get(name, name), "replace")
        except (LookupError, ValueError):
            pass
        else:
            # The bounds are the same, whatever the page declares.
            decode(text.encode("utf-8", "replace"))
            if text.count(_LOST) <= _MOST_LOST * len(_OUTSIDE.findall(text)):
                return text
    return decode(content).text


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _parse(text: str) -> "HtmlElement | None":
    from lxml import etree, html

    plain = _UNPRINTED.sub("", _PROLOGUE.sub("", text, count=1))
    parser = html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=True
    )
    try:
        root = html.document_fromstring(plain.encode("utf-8"), parser=parser)
    except etree.ParserError:
        return None
    # What stands deeper than the parser goes is dropped by it, and must not be missed.
    if any(each.type_name == "ERR_RESOURCE_LIMIT" for each in parser.error_log):
        raise DamagedPolicyError("the page is nested too deeply to be read whole")
    return root


def _write(root: "HtmlElement") -> str:
    weights = Weights(root)
    chosen = _main(root, weights)
    inside = chosen.tag in {"main", "article"} or chosen.get("role") == "main"
    writer = Writer(weights)
    title = _title_outside(root, chosen)
    if title is not None:
        writer.begin(title)
        writer.words(" ".join(" ".join(title.itertext()).split()))
        writer.end(title)
    todo: deque[tuple[HtmlElement, bool]] = deque([(chosen, False)])
    while todo:
        element, done = todo.pop()
        if done:
            writer.end(element)
            if element is not chosen:
                writer.words(element.tail or "")
            continue
        if not isinstance(element.tag, str) or (
            element is not chosen and is_chrome(element, weights, inside=inside)
        ):
            writer.words(element.tail or "")
            continue
        todo.append((element, True))
        if writer.begin(element):
            writer.words(element.text or "")
            todo.extend((child, False) for child in reversed(element))
    return writer.text()


def _main(root: "HtmlElement", weights: Weights) -> "HtmlElement":
    """Return the element that holds the page's own text."""
    mains, articles = [], []
    for element in root.iter("main", "article", "div", "section"):
        if element.tag == "main" or element.get("role") == "main":
            mains.append(element)
        elif element.tag == "article":
            articles.append(element)
    for found, least in ((mains, _MAIN_SHARE), (articles, _ARTICLE_SHARE)):
        best = max(found, key=weights.text, default=None)
        if best is not None and weights.share(best) >= least:
            return best
    body = root.find("body")
    return root if body is None else body


def _title_outside(root: "HtmlElement", chosen: "HtmlElement") -> "HtmlElement | None":
    """Return the page's first heading where the main part has none of that rank."""
    if chosen.tag in {"body", "html"} or next(chosen.iter("h1"), None) is not None:
        return None
    return next(root.iter("h1"), None)
