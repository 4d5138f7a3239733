import os
import shutil
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright
from waitress.server import create_server

from kept.web.application import application
from kept.web.page import Page

pytestmark = [pytest.mark.service, pytest.mark.enable_socket]

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# What is wider than the screen, unless it scrolls within itself.
TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth;
  const scrolls = e => e && (/auto|scroll/.test(getComputedStyle(e).overflowX)
    || scrolls(e.parentElement));
  return [...document.body.querySelectorAll('*')].filter(e => {
    const box = e.getBoundingClientRect();
    return box.width && (box.right > width + 1 || box.left < -1) && !scrolls(e)
      && getComputedStyle(e).clipPath === 'none' && getComputedStyle(e).position !== 'absolute';
  }).map(e => e.outerHTML.slice(0, 120));
}"""
# Text whose contrast with what is behind it is under WCAG AA, by its own colours.
TOO_FAINT = """() => {
  const parse = c => (c.match(/[\\d.]+/g) || []).map(Number);
  const light = c => { const [r, g, b] = c.slice(0, 3).map(v => { v /= 255;
    return v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; });
    return .2126 * r + .7152 * g + .0722 * b; };
  const behind = e => { for (; e; e = e.parentElement) {
    const c = parse(getComputedStyle(e).backgroundColor);
    if (c.length === 3 || (c.length === 4 && c[3] > .99)) return c; }
    return matchMedia('(prefers-color-scheme: dark)').matches ? [0, 0, 0] : [255, 255, 255]; };
  return [...document.body.querySelectorAll('*')].filter(e =>
    [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())
    && e.getBoundingClientRect().width > 1 && !e.closest('svg')).filter(e => {
    const style = getComputedStyle(e), a = light(parse(style.color)), b = light(behind(e));
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    const large = parseFloat(style.fontSize) >= 24
      || (parseFloat(style.fontSize) >= 18.6 && +style.fontWeight >= 700);
    return ratio < (large ? 3 : 4.5);
  }).map(e => e.outerHTML.slice(0, 120));
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        if os.environ.get("CI"):  # noqa: TID251 - whether a missing browser may be passed over
            pytest.fail("chromium is not installed")
        pytest.skip("needs the Debian package chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def address(page: Page) -> Iterator[str]:
    server = create_server(application(page), host="127.0.0.1", port=0, threads=2)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(timeout=5)


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("fr", "ltr"), ("ar", "rtl")])
def test_the_scoreboard_fits_reads_and_needs_no_script(
    browser: Browser, address: str, language: str, direction: str, scheme: str, width: int
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
        locale=language,
    )
    asked: list[str] = []
    said: list[str] = []
    view = context.new_page()
    view.on("request", lambda request: asked.append(request.url))
    view.on("console", lambda message: said.append(message.text))
    answer = view.goto(f"{address}/{language}/")
    assert answer is not None
    assert answer.status == 200
    assert view.evaluate("document.documentElement.dir || 'ltr'") == direction
    assert view.evaluate("document.documentElement.lang") == language
    assert view.evaluate(TOO_WIDE) == []
    assert view.evaluate(TOO_FAINT) == []
    assert view.evaluate("document.scripts.length") == 0
    assert view.evaluate("document.querySelectorAll('h1').length") == 1
    assert all(url.startswith(address) for url in asked)
    assert said == []
    context.close()


def test_the_page_check_itself_notices_faint_and_wide_text(browser: Browser) -> None:
    view = browser.new_page(viewport={"width": 390, "height": 900})
    view.set_content(
        "<main><p style='color:#999;background:#fff'>faint</p>"
        "<div style='width:800px'>wide</div><p style='color:#000'>fine</p></main>"
    )
    assert len(view.evaluate(TOO_FAINT)) == 1
    assert len(view.evaluate(TOO_WIDE)) == 1
    view.close()
