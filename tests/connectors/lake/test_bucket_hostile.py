import pytest

from kept.connectors.errors import StoreAddressError, StoreMissingError, StoreUnreachableError
from kept.connectors.lake.store import LakeStore

pytestmark = [pytest.mark.service, pytest.mark.enable_socket]


def test_a_bucket_that_is_not_there_is_told(s3_endpoint: str) -> None:
    store = LakeStore("lake", f"s3://key:secret@nosuchbucket/x?endpoint={s3_endpoint}")
    with pytest.raises(StoreMissingError) as caught:
        store.catalog()
    assert "secret" not in str(caught.value) + repr(store) + store.shown


def test_an_endpoint_that_does_not_answer_is_told_soon() -> None:
    store = LakeStore("lake", "s3://key:secret@bucket/x?endpoint=http://127.0.0.1:1")
    with pytest.raises(StoreUnreachableError) as caught:
        store.catalog()
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "query",
    ["endpoint=http://storage.example.com", "endpoint=ftp://127.0.0.1", "endpoint=x", "secret=y"],
)
def test_an_endpoint_that_is_not_encrypted_or_none_is_refused(query: str) -> None:
    with pytest.raises(StoreAddressError) as caught:
        LakeStore("lake", f"s3://key:geheim@bucket/x?{query}")
    assert "s3://" in caught.value.remedy or "https://" in caught.value.remedy
    assert "geheim" not in str(caught.value) + caught.value.remedy
