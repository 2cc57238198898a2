"""What is said of a publication that was recorded."""

from datetime import UTC, datetime

from shared.domain.desired_version import DesiredVersion, home_page
from shared.domain.manifest import FileList, FileRecord
from shared.domain.vocabulary import ChangedSites, Deployment, SiteHead, SiteNews, Slot


def _deployment(number: int) -> Deployment:
    return Deployment(
        number=number, site="bakery", slot=Slot.CURRENT, version=1, by="ana@example.org", at=datetime.now(UTC)
    )


def test_what_stood_there_already_is_not_new() -> None:
    second = DesiredVersion(deployment=_deployment(2), before=_deployment(1), manifest="0" * 64)
    assert second.is_new
    assert second.model_copy(update={"before": None}).is_new
    assert not second.model_copy(update={"before": second.deployment}).is_new


def test_the_home_page_is_that_of_the_top_folder() -> None:
    files = [
        FileRecord(path=path, size=1, sha256=f"{n}" * 64, changed_at=1)
        for n, path in enumerate(("a/index.html", "index.html"))
    ]
    assert home_page(FileList(files=tuple(files))) == "1" * 64
    assert home_page(FileList(files=tuple(files[:1]))) is None


def test_a_deployer_of_the_release_before_reads_changes_without_news() -> None:
    """It knows no field of that name and refuses what it does not know."""
    changed = ChangedSites(cursor="a-1", sites=("bakery",))
    assert set(changed.model_dump(mode="json")) == {"cursor", "sites", "reset"}
    told = changed.model_copy(update={"news": (SiteNews(head=SiteHead(site="bakery"), manifests={1: "0" * 64}),)})
    assert ChangedSites.model_validate_json(told.model_dump_json()) == told
