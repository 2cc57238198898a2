"""Contexts of every page in every state, as the api would make them."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

from htmx_ui import links
from htmx_ui.account_contexts import AccountPage, ForgottenPasswordPage, SignInLinkPage, SignInPage
from htmx_ui.account_parts import SessionView, TokenView
from htmx_ui.change_parts import Crop, ToldChange, ToldChanges
from htmx_ui.compare_parts import ComparedVersion, ComparePage, Mark
from htmx_ui.contexts import (
    ChangedPartFragment,
    ChangesPage,
    Context,
    EarlierFragment,
    ErrorPage,
    LiveFragment,
    NoticeFragment,
    SeenFragment,
    SitePage,
    StatusFragment,
    StatusPage,
    TurnFragment,
    VersionsFragment,
)
from htmx_ui.difference_parts import DiffLine, FileCount, FileDiff, VisitorChanges
from htmx_ui.parts import (
    AttachedChip,
    Frame,
    Notice,
    Practice,
    Preview,
    Turn,
    VersionView,
)
from htmx_ui.publication_contexts import PublishPage
from htmx_ui.publication_parts import PublicationStatus, TakenDown, ToldPublication, ToldStep
from htmx_ui.settings_contexts import SettingsPage
from htmx_ui.settings_parts import AddressView, DeletedSite, OldHost
from htmx_ui.site_list_contexts import AddressFragment, NewSitePage, SitesPage
from htmx_ui.site_list_parts import FieldFault, SiteCard, SiteFilter, TemplateChoice
from htmx_ui.status_parts import FailedJobRow, JobRow, PartRow, PublicationRow, Tile
from htmx_ui.wording import EXAMPLES
from shared.domain.check_rules import CheckRules, Severity
from shared.domain.job_outcome import JobOutcome
from shared.domain.manifest import Changes, Check, CheckStatus, FileChange
from shared.domain.older_base import base_checks
from shared.domain.problem import Problem
from shared.domain.problem_changes import ProblemChanges
from shared.domain.site_templates import list_templates
from shared.domain.vocabulary import Failure, JobKind, JobState, Phase, Slot

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
FRAME = Frame(email="mira@example.com")
DIGEST = "0" * 64
ADDRESS = "http://miras-bakery.localhost:8080"
CHECKS = tuple(
    Check(name=name, status=CheckStatus.PASSED)
    for name in ("pages load", "links", "console", "accessibility", "secrets")
)
FAILED = (
    Check(
        name="links",
        status=CheckStatus.FAILED,
        findings=(
            "index.html links to menu.html, which does not exist.",
            "about.html links to menu.html#lunch.",
            "and 1481 more",
        ),
    ),
    *CHECKS[2:],
)


def change(path: str, what: str = "modified") -> FileChange:
    return FileChange(
        path=path, before=None if what == "added" else DIGEST, after=None if what == "removed" else DIGEST
    )


def problem(address: str, since: int | None = None) -> Problem:
    text = f"about.html: the link {address} leads nowhere"
    return Problem(check="links", page="about.html", element="link", address=address, text=text, since=since)


NEW_PROBLEMS = ProblemChanges(
    against=3,
    new=tuple(problem(f"/menu-{number}.html") for number in range(7)),
    unclear=(problem("/lunch.html"),),
    old=(problem("/old.html", 1),),
    mended=(problem("/mended.html"),),
    mended_count=1,
    unlisted=1481,
)


def version(number: int, message: str, **more: object) -> VersionView:
    values: dict[str, object] = {
        "number": number,
        "parent": number - 1 or None,
        "kind": JobKind.EDIT if number > 1 else JobKind.CREATE,
        "message": message,
        "author": "mira@example.com",
        "at": NOW - timedelta(hours=(6 - number) ** 2, minutes=4),
        "files": Changes(modified=(change("index.html"), change("css/style.css"))),
        "checks": CHECKS,
        "picture": links.picture("miras-bakery", number, "index.html", "desktop"),
    }
    return VersionView(**(values | more))  # type: ignore[arg-type]


VERSIONS = (
    version(5, "Add a page with our menu and link it from every page", newest=True, in_preview=True, is_seen=True),
    version(
        4,
        "Add a link to the menu",
        checks=FAILED,
        files=Changes(modified=(change("index.html"),)),
        problems=NEW_PROBLEMS,
    ),
    version(3, "The headline should be warmer, and please mention that we bake on stone", published=True),
    version(2, "Use a darker red"),
    version(1, "", files=Changes(added=(change("index.html", "added"), change("css/style.css", "added")))),
)


HOMELESS = version(
    1,
    "",
    kind=JobKind.IMPORT,
    checks=(
        Check(
            name="home page",
            status=CheckStatus.WARNING,
            findings=("The site has no home page: its address answers that there is no such page.",),
        ),
        Check(
            name="links",
            status=CheckStatus.WARNING,
            findings=("about.html: about.html links to menu.html, which does not exist.", "and 1481 more"),
        ),
        *CHECKS[2:],
    ),
)


def turn(number: int, message: str, state: JobState = JobState.SUCCEEDED, **more: object) -> Turn:
    values: dict[str, object] = {
        "job": f"{number:028x}",
        "kind": JobKind.EDIT,
        "message": message,
        "author": "mira@example.com",
        "at": NOW - timedelta(minutes=50 - 10 * number),
        "state": state,
    }
    return Turn(**(values | more))  # type: ignore[arg-type]


SEEN_PICTURE = links.picture("miras-bakery", 5, "index.html", "desktop")
_BEFORE, _AFTER = (
    Crop(SEEN_PICTURE.replace("versions/5", f"versions/{number}"), 1280, (100, 40, 427, 120), (120, 64, 300, 40))
    for number in (4, 5)
)
TOLD = ToldChanges(
    named=(
        ToldChange("Headline: “Vier” → “Offline”", "index.html", before=_BEFORE, after=_AFTER),
        ToldChange("Background: cream → light green", "index.html", colours=("#fff8e1", "#90ee90"), after=_AFTER),
        ToldChange("Link in the navigation: “Menu” → “Our menu”", pages=5),
    ),
    others=1200,
    unasked=(ToldChange("Text in the footer: “2025” → “2026”", "contact.html", before=_BEFORE, after=_AFTER),),
    doubtful=(ToldChange("Text colour: black → dark blue", "about.html", colours=("#000000", "#00205c")),),
    unread=2,
)
CHANGED = Check(
    name="changes",
    status=CheckStatus.PASSED,
    findings=(
        "contact.html: Text in the footer: “2025” → “2026”",
        "index.html: Headline: “Vier” → “Offline”",
        "index.html: Background: cream → light green",
        "5 pages: Link in the navigation: “Menu” → “Our menu”",
        "and 7 more",
    ),
)
UNASKED = Check(name="unasked", status=CheckStatus.FAILED, findings=CHANGED.findings[:1])
MENDED = Check(name="repair", status=CheckStatus.PASSED, findings=("index.html: the link /menu.html leads nowhere",))
SEEN_TURN = turn(
    3,
    "Call the page Offline",
    answer="Done.",
    version=replace(VERSIONS[0], checks=(CHANGED, UNASKED, MENDED), is_seen=True),
)

WAITING_FILES = (
    AttachedChip("1" * 28, "IMG_2034.HEIC"),
    AttachedChip("2" * 28, "menu of the whole winter.pdf", "site"),
)
STEPS = ("Read index.html", "Read css/style.css", "Change the accent colour in css/style.css")
DONE = (
    turn(0, "", kind=JobKind.CREATE, version=VERSIONS[4], answer=""),
    turn(
        1,
        "Add a link to the menu",
        steps=STEPS,
        version=VERSIONS[1],
        answer="I added a link to menu.html in the navigation. That page does not exist yet.",
    ),
    turn(
        2,
        "Add a page with our menu and link it from every page",
        steps=STEPS,
        version=VERSIONS[0],
        answer="I made menu.html with the three things from the home page and linked it from every page.",
    ),
)
RUNNING = turn(3, "Make the opening hours bigger", JobState.RUNNING, phase=Phase.EDITING, steps=STEPS)
QUEUED = turn(4, "And use a photo of the shop", JobState.QUEUED, waiting_for=1, waits=True, later="", edits=1)
LAST = turn(5, "Link https://a.org/" + "x" * 90, JobState.QUEUED, waiting_for=2, waits=True, earlier=f"{4:028x}")
BROKEN = turn(
    3,
    "Rewrite everything in Latin",
    JobState.FAILED,
    error=Failure(detail="The agent did not finish in 15 minutes.", hint="Ask for a smaller change."),
    steps=STEPS,
    attachments=("IMG_2034.HEIC", "menu.pdf"),
)
ASKING = turn(
    0,
    "Create the site “Mira’s Bakery” from the archive two-languages.zip.",
    JobState.FAILED,
    kind=JobKind.IMPORT,
    error=Failure(
        detail="The archive has several folders with a home page, and none at its top: “de”, “en”.",
        hint="Say which folder is the site (`root`), or “.” to keep all of them.",
        choices=("de", "en", "."),
    ),
    can_retry=False,
)
OLDER = version(
    6, "Make the footer blue", parent=3,
    checks=(*CHECKS, *base_checks(3, 5)), files=Changes(modified=(change("css/style.css"),)),
)  # fmt: skip
LACKING = turn(5, OLDER.message, version=OLDER, answer=f"The footer is blue.\n\n{OLDER.lacks}")
STOPPED = turn(3, "Delete all pages", JobState.CANCELLED)
ANSWERED = turn(
    4,
    "How many pages are there?",
    answer="Nothing was changed.\nThe agent says: There are four pages: home, about, contact and the menu.",
    outcome=JobOutcome.UNCHANGED,
)
IN_VAIN = turn(
    3,
    "Change the headline",
    JobState.FAILED,
    error=Failure(
        detail="Nothing was changed, because all 3 commands of the agent failed.", hint="Ask once more in other words."
    ),
    answer="Nothing was changed.\nThe agent says: Done, I changed the headline.",
    outcome=JobOutcome.FAILED,
    steps=STEPS,
)
PREVIEW = Preview(
    version=5,
    newest=5,
    page="index.html",
    pages=("index.html", "about.html", "contact.html", "writing/quiet-websites.html"),
    url="http://v5--miras-bakery.localhost:8080/",
    picture=None,
)
OLD_PREVIEW = Preview(
    version=3, newest=5, page="index.html", pages=("index.html",), url=PREVIEW.url, picture=VERSIONS[2].picture
)
GONE_PREVIEW = Preview(
    version=2, newest=5, page="index.html", pages=("index.html",), url=None, picture=VERSIONS[3].picture
)
LATE = "The web server does not show version 3 yet: its disk is full."
PUBLICATION = PublicationStatus(current=3, newest=5, address=ADDRESS)


def site(**more: object) -> SitePage:
    values: dict[str, object] = {
        "frame": FRAME,
        "name": "miras-bakery",
        "title": "Mira’s Bakery",
        "tab": "chat",
        "turns": DONE,
        "earlier_turns": 0,
        "versions": VERSIONS,
        "more_versions_before": None,
        "preview": PREVIEW,
        "publication": PUBLICATION,
        "practice": None,
        "examples": EXAMPLES,
        "message_limit": 20_000,
    }
    return SitePage(**(values | more))  # type: ignore[arg-type]


SITES = (
    SiteCard(
        name="miras-bakery",
        title="Mira’s Bakery",
        picture=VERSIONS[0].picture,
        newest=5,
        published=3,
        address=ADDRESS,
        changed_at=NOW - timedelta(minutes=9),
        waiting="unpublished",
    ),
    SiteCard(
        name="robin-marsh",
        title="Robin Marsh",
        picture=links.picture("robin-marsh", 2, "index.html", "desktop"),
        newest=2,
        published=2,
        address="http://robin-marsh.localhost:8080",
        changed_at=NOW - timedelta(days=3),
    ),
    SiteCard(
        name="law-and-partners",
        title="Law & Partners",
        picture=None,
        newest=None,
        published=None,
        address="http://law-and-partners.localhost:8080",
        changed_at=NOW,
        working=True,
    ),
)
WAITING = tuple(
    replace(SITES[1], name=f"site-{waiting}", title=f"Site with {waiting}", waiting=waiting, published=None)
    for waiting in ("question", "failed", "problems", "unpublished")
)
TEMPLATES = tuple(TemplateChoice(t.name, t.title, t.description) for t in list_templates())
DIFF = (
    FileDiff(
        path="css/style.css",
        change="modified",
        lines=(
            DiffLine("hunk", "@@ -4,7 +4,7 @@"),
            DiffLine("context", " :root {"),
            DiffLine("removed", "-  --accent: #9c3f17;"),
            DiffLine("added", "+  --accent: #7d1f1f;"),
            DiffLine("context", "   --text: #2c2018;"),
        ),
        added=201,
        removed=200,
        left_out=1210,
    ),
    FileDiff(path="menu.html", change="added", lines=(DiffLine("added", "+<h1>Menu</h1>"),), added=1),
    FileDiff(path="images/shop.jpg", change="removed", lines=(), binary=True),
)
FIRST = PublicationStatus(current=None, newest=1, address=ADDRESS)
NEW_SITE = NewSitePage(
    frame=FRAME, templates=TEMPLATES, address_pattern="{name}.localhost:8080", upload_limit=64_000_000
)
SITE_FAULT = Notice("The title is missing or can’t be used.", "Give it 1 to 120 characters in one line.", bad=True)
PRACTICE = Practice(
    understands=("Make the background light blue", "Change the headline to “Hello”", "Add a page called Menu")
)


VISITORS_GET = VisitorChanges(
    added=("menu.html", "writing/quiet-websites.html"),
    modified=("index.html", "about.html"),
    files=(FileCount("picture", "added", 3), FileCount("style sheet", "modified", 1)),
)
VISITORS_LOSE = VisitorChanges(
    modified=("index.html",),
    removed=tuple(f"recipes/bread-{number}.html" for number in range(20)),
    unnamed=7,
    files=(FileCount("picture", "removed", 12),),
)


def publish(chosen: VersionView, **more: object) -> PublishPage:
    values: dict[str, object] = {
        "frame": FRAME,
        "name": "miras-bakery",
        "title": "Mira’s Bakery",
        "version": chosen,
        "publication": PUBLICATION,
        "changes": VISITORS_GET,
        "problems": ProblemChanges(against=3),
    }
    return PublishPage(**(values | more))  # type: ignore[arg-type]


def step(number: int, told: ToldChanges | None) -> ToldStep:
    return ToldStep(number, JobKind.EDIT, VERSIONS[5 - number].message, is_first=number == 1, told=told)


TOLD_NAMED = replace(TOLD, unasked=(), doubtful=(), others=0, unread=0)
TOLD_SINGLE = ToldPublication(unasked=ToldChanges(), gained=(step(4, TOLD_NAMED),))
TOLD_LONG = ToldPublication(
    unasked=replace(TOLD, named=(), doubtful=()),
    gained=(step(5, replace(TOLD, unasked=())), step(4, ToldChanges()), step(2, None)),
    lost=(step(3, TOLD_NAMED), step(1, None)),
    unread_from=6,
    unread_to=9,
)

CHANGES = ChangesPage(
    frame=FRAME, name="miras-bakery", title="Mira’s Bakery", version=VERSIONS[0], files=DIFF, total=5000
)

ADDRESS_OF_HOST = "10.20.0.11:8080"
RELEASE = "0.1.0-4be1f0c2a9d7"


def status(**more: object) -> StatusPage:
    values: dict[str, object] = {
        "frame": Frame(email="olga@example.com", operator=True),
        "at": NOW,
        "troubles": (),
        "tiles": (
            Tile("Waiting", "2", "the oldest for 12 seconds"),
            Tile("Running", "2", "2 workers at work"),
            Tile("Given up", "0", "after three attempts each"),
            Tile("Disk free", "38.2 GB", "of 79.9 GB of storage"),
            Tile("Sites", "1,204", "in storage"),
            Tile("Last backup", "13 hours ago", "of storage and the database"),
        ),
        "parts": (
            PartRow("Api", "up", (), RELEASE, None),
            PartRow("Database", "up", (), "PostgreSQL 15.6", 1.3),
            PartRow("Queue", "up", (), "Redis 7.0.15", 0.8),
            PartRow("Storage", "up", (), RELEASE, 2.4),
            PartRow(
                "Model",
                "up",
                ("gpt-5.5 answers; 1,204,771 of 50,000,000 tokens of today are used.",),
                RELEASE,
                1.9,
            ),
            PartRow(f"Web host {ADDRESS_OF_HOST}", "up", (IN_STEP,), None, 0.6),
            PartRow("Web host 10.20.0.12:8080", "up", (IN_STEP,), None, 12.2),
        ),
        "jobs": (
            JobRow("miras-bakery", "worker-a-1", Phase.EDITING, 12.4, 1),
            JobRow("robin-marsh", "worker-b-1", None, 0.4, 1),
        ),
        "failed_jobs": (),
        "publications": PUBLICATIONS[:2],
    }
    return StatusPage(**(values | more))  # type: ignore[arg-type]


IN_STEP = "Up to date: 38 slots of the newest deployments compared."
PUBLICATIONS = tuple(
    PublicationRow(
        "mira@example.com",
        "miras-bakery",
        Slot.CURRENT if number % 3 else Slot.PREVIEW,
        number,
        NOW - timedelta(hours=7 * (10 - number), minutes=2),
    )
    for number in range(10, 0, -1)
)
FAILURES = tuple(
    FailedJobRow(
        f"{number:028x}",
        ("law-and-partners", "robin-marsh")[number % 2],
        "a.person.with.a.long.name@lawyers.example.com",
        "The agent did not finish in 15 minutes.",
        "Ask for a smaller change.",
        NOW - timedelta(hours=number),
    )
    for number in range(10)
)
DOWN = status(
    troubles=(
        "The database is down.",
        "The job queue is down.",
        "Storage is down.",
        "The web host 10.20.0.12:8080 is down.",
        f"The web host {ADDRESS_OF_HOST} is behind with 2 sites.",
    ),
    tiles=(
        Tile("Waiting", None, "3 jobs recorded, none is lost", bad=True),
        Tile("Running", None),
        Tile("Given up", None),
        Tile("Disk free", None, bad=True),
        Tile("Sites", None),
        Tile("Last backup", None, "storage can’t be asked"),
    ),
    parts=(
        status().parts[0],
        PartRow("Database", "down", ("The database can't be used right now.",), "PostgreSQL 15.6", 12.0),
        PartRow(
            "Queue", "down", ("The job queue can't be reached.", "Look: `systemctl status redis-server`."), None, 103.5
        ),
        PartRow("Storage", "down", ("Storage did not answer within 2 seconds.", "Look at its journal."), None, 2001.0),
        status().parts[4],
        PartRow(
            f"Web host {ADDRESS_OF_HOST}",
            "behind",
            (
                "miras-bakery (current) shows version 3, should show 4, for 2 minutes.",
                "law-and-partners (preview) shows nothing, should show 1, for 3 hours.",
            ),
            None,
            1.1,
        ),
        PartRow("Web host 10.20.0.12:8080", "down", ("The web host does not answer.",), None, None),
    ),
    jobs=None,
    failed_jobs=None,
    publications=None,
)
LONG = status(
    troubles=("Worker worker-c-1 has left its job for robin-marsh, and no other worker has taken it over.",),
    jobs=(
        *(JobRow(f"site-{number}", f"host-{number}-1", Phase.CHECKING, 61.0 * number, 1) for number in range(12)),
        JobRow("robin-marsh", "worker-c-1", Phase.EDITING, None, 3, lost_seconds=140.0, stopping=True),
    ),
    failed_jobs=FAILURES,
    publications=PUBLICATIONS,
)

DELETED = tuple(
    DeletedSite(name, title, "mira@example.com", NOW + timedelta(days=days))
    for name, title, days in (("old-bakery", "The bakery before", 3), ("a" * 40, "Long " * 24, 30))
)
SETTINGS = SettingsPage(
    frame=FRAME,
    name="miras-bakery",
    title="Mira’s Bakery",
    host="miras-bakery.localhost:8080",
    address=AddressView(
        "miras-bakery",
        "{name}.localhost:8080",
        former=(OldHost("bread.localhost:8080", NOW + timedelta(days=30)), OldHost("m" * 40 + ".localhost:8080", None)),
    ),
    checks=CheckRules(severities={"accessibility": Severity.BLOCK}, page_kilobytes=800),
    newest=5,
    published=3,
    export_bytes=12_000_000,
)
SETTINGS_ERRORS = {
    "title": Notice("This title can’t be used.", "Give it 1 to 120 characters in one line.", bad=True),
    "address": Notice("The name bread is taken.", "Choose another name, such as bread-mira.", bad=True),
    "delete": Notice("This is not the address of this site.", "Type miras-bakery.", bad=True),
}

UNMADE = site(
    turns=(
        turn(1, "Create it.", JobState.FAILED, kind=JobKind.IMPORT, error=Failure(detail="The archive is damaged.")),
    ),
    versions=(),
    preview=None,
    publication=PublicationStatus(current=None, newest=None, address=ADDRESS),
)

COMPARED = ComparePage(
    frame=FRAME,
    name="miras-bakery",
    title="Mira’s Bakery",
    page="index.html",
    pages=("index.html", "about.html"),
    earlier=ComparedVersion(4, SEEN_PICTURE.replace("versions/5", "versions/4"), has_page=True, is_public=True),
    later=ComparedVersion(5, SEEN_PICTURE, has_page=True, is_newest=True),
    newest=5,
    width="desktop",
    view="slider",
    across=1280,
    marks=(Mark(TOLD.named[0], (0, 0, 100, 40), (0, 0, 120, 40)), Mark(TOLD.named[1], None, None)),
    is_whole=False,
)

PAGES: dict[str, Context] = {
    "compare": COMPARED,
    "compare-not": replace(
        COMPARED,
        earlier=ComparedVersion(2, None, has_page=False),
        later=ComparedVersion(5, None, has_page=True),
        marks=None,
        view="side",
    ),
    "sign-in": SignInPage(local=True),
    "sign-in-wrong": SignInPage(
        email="mira@example.com", error=Notice("Email and password don’t match.", "Check both and try again.", bad=True)
    ),
    "sign-in-link": SignInLinkPage(action=links.sign_in_link("t0ken")),
    "sign-in-mail": SignInPage(sends_mail=True),
    "forgotten-password": ForgottenPasswordPage(),
    "forgotten-password-sent": ForgottenPasswordPage(sent_to="mira@example.com"),
    "account": AccountPage(
        frame=FRAME,
        email="mira@example.com",
        error=Notice("A password has 10 to 1000 characters.", bad=True),
        sessions=(
            SessionView("0" * 64, "Firefox, Linux", NOW, is_this=True),
            SessionView("1" * 64, "", NOW, is_this=False),
        ),
        tokens=(TokenView("t1", "laptop of the bakery " * 4, NOW),),
    ),
    "error-404": ErrorPage(
        frame=FRAME, status=404, title="Not found", detail="There is no site “nowhere”.", hint="Check the address."
    ),
    "error-link": ErrorPage(
        status=401,
        title="This link has been used",
        detail="A sign-in link works once and for 15 minutes.",
        hint="Ask your operator for a new one.",
    ),
    "sites": SitesPage(frame=FRAME, sites=SITES),
    "sites-deleted": SitesPage(frame=FRAME, sites=SITES[:1], deleted=DELETED),
    "settings": SETTINGS,
    "settings-new": replace(SETTINGS, newest=None, published=None, export_bytes=None),
    "settings-wrong": replace(
        SETTINGS,
        errors=SETTINGS_ERRORS,
        typed={"title": "", "address": "bread", "forward": "30d", "delete": "other-bakery"},
        address=replace(SETTINGS.address, free=("bread-mira", "bread-2")),
    ),
    "sites-groups": SitesPage(
        frame=FRAME,
        sites=(*(replace(card, group="Shops") for card in SITES[:2]), *WAITING),
        groups=("Offices", "Shops"),
        more_after="robin-marsh",
    ),
    "sites-arranging": SitesPage(
        frame=FRAME, sites=(*SITES, *WAITING), groups=("Shops",), filter=SiteFilter(waiting=True), arranging=True
    ),
    "sites-arranging-wrong": SitesPage(
        frame=FRAME,
        sites=SITES,
        arranging=True,
        typed="x" * 61,
        picked=frozenset({SITES[0].name}),
        fault=FieldFault("group", Notice("The group’s name is too long.", "It has at most 60 characters.", bad=True)),
    ),
    "sites-none-found": SitesPage(frame=FRAME, sites=(), groups=("Shops",), filter=SiteFilter("Bäcker", "Shops")),
    "sites-empty": SitesPage(frame=FRAME, sites=()),
    "new-site": NEW_SITE,
    "new-site-error": NewSitePage(
        frame=FRAME,
        templates=TEMPLATES,
        address_pattern="{name}.localhost:8080",
        upload_limit=64_000_000,
        title="Mira’s Bakery",
        name="miras-bakery",
        choice="import",
        fault=FieldFault(
            "name", Notice("The name miras-bakery is taken.", "Choose another name.", bad=True), ("miras-bakery-2",)
        ),
    ),
    **{
        f"new-site-{field or 'whole'}": replace(NEW_SITE, fault=FieldFault(field, SITE_FAULT), groups=("Shops",))
        for field in ("", "title", "template", "archive", "group")
    },
    "site-unmade": UNMADE,
    "site-unmade-wrong": replace(
        UNMADE, archive_fault=Notice("The file is too large.", "Choose one of at most 116 MB.", bad=True)
    ),
    "site": site(),
    "site-new": site(
        turns=(turn(0, "", JobState.QUEUED, kind=JobKind.CREATE),),
        versions=(),
        preview=None,
        publication=PublicationStatus(current=None, newest=None, address=ADDRESS),
        practice=PRACTICE,
    ),
    "site-first": site(turns=DONE[:1], versions=VERSIONS[4:], publication=FIRST, practice=PRACTICE),
    "site-running": site(turns=(*DONE, RUNNING, replace(QUEUED, editing=True), LAST)),
    "site-stopping": site(turns=(*DONE, turn(3, "Make it pop", JobState.RUNNING, phase=Phase.CHECKING, stopping=True))),
    "site-unchanged": site(turns=(*DONE, IN_VAIN, ANSWERED)),
    "site-asking": site(turns=(ASKING,), versions=(), publication=FIRST),
    "site-failed": site(turns=(*DONE, BROKEN), earlier_turns=1210, attached=WAITING_FILES, draft="Use these."),
    "site-stopped": site(turns=(*DONE, STOPPED, ANSWERED)),
    "site-versions": site(tab="versions", more_versions_before=1),
    "site-preview": site(tab="preview"),
    "site-old": site(preview=OLD_PREVIEW),
    "site-lacking": site(turns=(*DONE, LACKING)),
    "site-gone": site(preview=GONE_PREVIEW, tab="preview"),
    "site-published": site(
        publication=PublicationStatus(current=5, newest=5, address=ADDRESS),
        frame=Frame(email="mira@example.com", notice=Notice("Version 5 is live.")),
    ),
    "site-undo": site(publication=PublicationStatus(current=5, newest=5, address=ADDRESS, undo=3)),
    "site-down": site(
        publication=PublicationStatus(None, 5, ADDRESS, taken_down=TakenDown(3, NOW - timedelta(days=2)))
    ),
    "site-just-down": site(
        publication=PublicationStatus(None, 5, ADDRESS, undo=5, taken_down=TakenDown(5, NOW - timedelta(minutes=2)))
    ),
    "site-withdrawn": site(publication=replace(PUBLICATION, withdrawn=True)),
    "publish": publish(VERSIONS[0]),
    "site-late": site(
        tab="preview",
        versions=tuple(replace(one, late=one.published) for one in VERSIONS),
        preview=replace(
            PREVIEW,
            url=None,
            picture=VERSIONS[0].picture,
            reason="The web server does not show version 5 yet: its disk is full.",
        ),
        publication=replace(PUBLICATION, newest=3, late=LATE),
    ),
    "publish-late": publish(VERSIONS[2], publication=replace(PUBLICATION, late=LATE), changes=VisitorChanges()),
    "publish-first": publish(VERSIONS[4], publication=FIRST),
    "publish-no-home-page": publish(HOMELESS, publication=FIRST, visitors_see=HOMELESS.visitors_see),
    "publish-failed": publish(
        VERSIONS[1], problems=NEW_PROBLEMS, error=Notice("Accept the failed checks first.", bad=True)
    ),
    "publish-told": publish(VERSIONS[1], told=TOLD_SINGLE),
    "publish-told-long": publish(VERSIONS[0], told=TOLD_LONG),
    "publish-unread": publish(VERSIONS[1], changes=None),
    "rollback": publish(
        VERSIONS[3], changes=VISITORS_LOSE, problems=ProblemChanges(against=3, back=(problem("/gone.html", 1),))
    ),
    "changes": CHANGES,
    "changes-seen": replace(CHANGES, told=TOLD),
    "site-seen": site(turns=(*DONE[:2], SEEN_TURN)),
    "status": status(),
    "status-down": DOWN,
    "status-long": LONG,
}
FRAGMENTS: dict[str, Context] = {
    "seen": SeenFragment(told=TOLD),
    "unseen": SeenFragment(told=None),
    "changed-part": ChangedPartFragment(change=TOLD.named[0]),
    "address": AddressFragment(address_pattern="{name}.localhost:8080", name="miras-bakery"),
    "notice": NoticeFragment(notice=Notice("Redis can’t be reached.", "Try again in a moment.", bad=True)),
    "turn": TurnFragment(name="miras-bakery", turn=RUNNING),
    "earlier": EarlierFragment(name="miras-bakery", turns=DONE, earlier_turns=7),
    "versions": VersionsFragment(name="miras-bakery", versions=VERSIONS[3:], more_versions_before=None, current=3),
    "publish-dialog": publish(VERSIONS[1], dialog=True),
    "changes-dialog": ChangesPage(
        frame=FRAME, name="miras-bakery", title="Mira’s Bakery", version=VERSIONS[0], files=DIFF, total=3, dialog=True
    ),
    "status-body": StatusFragment(**{field.name: getattr(DOWN, field.name) for field in fields(StatusPage)}),
    "live": LiveFragment(
        **{field.name: getattr(site(), field.name) for field in fields(SitePage)},
        refresh_preview=True,
    ),
}
