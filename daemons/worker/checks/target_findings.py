"""Finds addresses that a page names and that lead nowhere: of forms, and for search engines and social networks."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from daemons.worker.checks.audit import NamedTarget, TargetKind
from daemons.worker.checks.finding import Finding, Weight
from daemons.worker.checks.link_targets import LinkTargets
from daemons.worker.checks.observation import PageObservation

_LONGEST_SHOWN = 200


def target_findings(page: PageObservation, site: LinkTargets) -> Iterator[Finding]:
    """What is found on the page, all of it worth a look only: a script may make good of it."""
    for target in page.audit.targets if page.audit else ():
        shown = target.address[:_LONGEST_SHOWN]
        if target.kind is TargetKind.POST and target.address.startswith("/"):
            text = f"the form sends to {shown}: on a site of files nobody receives it"
            yield _hint("forms", page, target, text)
        elif target.kind is TargetKind.GET and target.address.startswith("/") and site.file(target.address) is None:
            yield _hint("forms", page, target, f"the form leads to {shown}, which is missing")
        elif target.kind is TargetKind.CANONICAL and site.file(_path(target.address)) is None:
            text = f"search engines are sent to {shown}, which is missing"
            yield _hint("search engines", page, target, text)
        elif target.kind is TargetKind.SOCIAL_PICTURE and _is_missing(target.address, page, site):
            yield _hint("search engines", page, target, f"the picture {shown} for social networks is missing")
    for address in dict.fromkeys(lost.address for lost in page.blocked.items if lost.address.startswith("http://")):
        text = f"{address[:_LONGEST_SHOWN]} is loaded without encryption: browsers refuse that"
        yield Finding(check="mixed content", page=page.path, subject=address, text=text, weight=Weight.HINT)


def _is_missing(address: str, page: PageObservation, site: LinkTargets) -> bool:
    """Whether it belongs to this site, whose host the canonical address tells, and is not there."""
    own = [one.address for one in page.audit.targets if one.kind is TargetKind.CANONICAL] if page.audit else []
    is_own = address.startswith("/") or any(_host(address) == _host(one) != "" for one in own)
    return is_own and site.file(_path(address)) is None


def _hint(check: str, page: PageObservation, target: NamedTarget, text: str) -> Finding:
    subject = f"{target.kind} {target.address}"
    return Finding(check=check, page=page.path, subject=subject, text=text, weight=Weight.HINT)


def _path(address: str) -> str:
    try:
        return urlsplit(address).path or "/"
    except ValueError:
        return address


def _host(address: str) -> str:
    try:
        return urlsplit(address).netloc
    except ValueError:
        return ""
