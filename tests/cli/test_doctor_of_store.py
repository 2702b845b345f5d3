"""What `antiphon doctor` says of the database and the blobs that machines share."""

from __future__ import annotations

import pytest

from antiphon.cli.doctor import Verdict, examine_store
from antiphon.settings import StoreSettings

from ..postgresql import Cluster
from ..s3 import S3


def told(settings: StoreSettings) -> list[tuple[Verdict, str, str]]:
    return [(finding.verdict, finding.detail, finding.advice) for finding in examine_store(settings)]


def test_what_answers_is_found_well(cluster: Cluster, s3: S3) -> None:
    bucket = s3.new_bucket()
    settings = StoreSettings(url=cluster.url("postgres"), blobs=f"s3://{bucket}/x", blobs_endpoint=s3.endpoint)
    (database, about, _), blobs = told(settings)
    assert database is Verdict.OK
    assert "answers, PostgreSQL " in about
    assert blobs == (Verdict.OK, f"s3://{bucket}/x can be written", "")


def test_what_does_not_is_told_with_what_to_do(cluster: Cluster, s3: S3) -> None:
    settings = StoreSettings(url=cluster.url("nowhere"), blobs="s3://no-such-bucket/x", blobs_endpoint=s3.endpoint)
    (database, reason, advice), blobs = told(settings)
    assert (database, reason) == (Verdict.FAIL, "there is no database of that name")
    assert advice.startswith("Create it, or correct the URL.")
    assert blobs == (
        Verdict.FAIL,
        "s3://no-such-bucket/x: the bucket does not exist",
        "Create it, or correct its name.",
    )


@pytest.mark.parametrize("settings", [StoreSettings(url="mysql://x/y"), StoreSettings(blobs="s3://A B")])
def test_what_is_written_wrong_is_told(settings: StoreSettings) -> None:
    ((verdict, _, _),) = told(settings)
    assert verdict is Verdict.FAIL


def test_a_data_folder_alone_needs_no_look() -> None:
    assert told(StoreSettings()) == []
