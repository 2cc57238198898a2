"""What an export lacks is named in the language of who exports."""

from htmx_ui.missing_text import missing_text

UNREADABLE = [(3, "Version 3 can't be read: Its record is damaged.")]


def test_what_is_missing_is_named_in_english() -> None:
    assert missing_text("en", UNREADABLE, (7, 1200)).splitlines() == [
        "Not in this zip:",
        "Version 3: Version 3 can’t be read: Its record is damaged.",
        "Versions 7 to 1200: the zip would have too many files.",
    ]


def test_what_is_missing_is_named_in_german() -> None:
    head, why, _ = missing_text("de", UNREADABLE, None).split("\n")
    assert head == "Nicht in diesem Zip:"
    assert why.startswith("Version 3: Version 3 ")
    assert "nicht lesbar: " in why
    assert missing_text("de", [], (7, 1200)).splitlines()[1:] == [
        "Versionen 7 bis 1200: Das Zip hätte zu viele Dateien."
    ]
