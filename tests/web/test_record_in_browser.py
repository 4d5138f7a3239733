import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from kept.inventory.dataset import Classified, Dataset, DatasetId, DecidedBy, Field, Inventory
from kept.inventory.promised import Promised, Words
from kept.inventory.record import Facts
from kept.inventory.record_making import record_of
from kept.inventory.record_page import page
from kept.settings import Controller, Party, Recipient, StoreSettings
from kept.vocabulary.data_category import DataCategory

pytestmark = [pytest.mark.service, pytest.mark.enable_socket]

CHROMIUM = shutil.which("chromium")
# What is wider than the screen, and what two lines of text lie on each other.
TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth;
  return [...document.body.querySelectorAll('*')].filter(e => {
    const box = e.getBoundingClientRect();
    return box.width && (box.right > width + 1 || box.left < -1);
  }).map(e => e.outerHTML.slice(0, 120));
}"""
ON_EACH_OTHER = """() => {
  const boxes = [...document.querySelectorAll('.item, header.activity, .datasets, nav li')]
    .map(e => e.getBoundingClientRect());
  return boxes.filter((a, i) => boxes.some((b, j) => j > i
    && a.top + 1 < b.bottom && b.top + 1 < a.bottom)).length;
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        if os.environ.get("CI"):  # noqa: TID251 - whether a missing browser may be passed over
            pytest.fail("chromium is not installed")
        pytest.skip("needs the Debian package chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield opened
        opened.close()


def facts() -> Facts:
    held = tuple(
        Dataset(
            id=DatasetId("app", name),
            held_as=role,
            client=client,
            fields=tuple(
                Field(
                    name=each.value,
                    type="TEXT",
                    decided_by=DecidedBy.DISCOVERY,
                    categories=(Classified(category=each, score=1.0),),
                )
                for each in DataCategory
            ),
        )
        for name, role, client in (
            (
                "a_table_whose_name_is_longer_than_a_telephone_is_wide_and_has_no_space",
                "controller",
                "",
            ),
            ("tickets", "processor", "Example Client plc"),
        )
    )
    return Facts(
        made_at=datetime(2026, 3, 1, tzinfo=UTC),
        controller=Controller(name="Example GmbH", officer=Party(name="An officer")),
        stores={"app": StoreSettings(name="app", url="sqlite://", region="US", system="Shop")},
        inventory=Inventory(datasets=held),
        promised=Promised(
            purposes=(
                Words(promise="1", document="policy.md", language="en", quote="To serve you " * 30),
                Words(promise="2", document="policy.md", language="ar", quote="لخدمتكم " * 30),
            )
        ),
        silent=("crm",),
        recipients=(Recipient(name="Example Mailings Ltd", role="processor"),),
    )


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_the_record_of_processing_fits_and_asks_for_nothing(
    browser: Browser, tmp_path: Path, language: str, scheme: str, width: int
) -> None:
    file = tmp_path / "record.html"
    file.write_text(page(record_of(facts(), language)), encoding="utf-8")
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    asked: list[str] = []
    view = context.new_page()
    view.on("request", lambda request: asked.append(request.url))
    view.goto(file.as_uri())
    assert view.evaluate("document.documentElement.lang") == language
    assert view.evaluate(TOO_WIDE) == []
    assert view.evaluate(ON_EACH_OTHER) == 0
    assert asked == [file.as_uri()]
    context.close()
