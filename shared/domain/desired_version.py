"""What storage answers to who publishes: what it has recorded, and what web hosts show once they have done it."""

from shared.domain.manifest import FileList
from shared.domain.vocabulary import Deployment, Digest, Record


class DesiredVersion(Record):
    """A recorded deployment, and the one that stood in its slot before it (itself, if it stood there already).

    `manifest` is the digest of the version's record; `home` that of its home page, told of published pages only. Both
    are None if the slot is to show nothing.
    """

    deployment: Deployment
    before: Deployment | None
    manifest: Digest | None
    home: Digest | None = None

    @property
    def is_new(self) -> bool:
        """Whether this request has changed what the slot is to show."""
        return self.before is None or self.before.number != self.deployment.number


def home_page(listed: FileList) -> str | None:
    """The digest of the home page among the served files; None if there is none."""
    return next((file.sha256 for file in listed.files if file.path == "index.html"), None)
