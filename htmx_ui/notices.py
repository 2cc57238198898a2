"""What pages say after a deed, and the headings of errors."""

from htmx_ui.wording import N_

# What a redirect may say on the next page: an address names the sentence, so that it can't bring its own.
NOTICES = {
    "published": N_("Published. Visitors see it now."),
    "taken-down": N_("Visitors see nothing now. All your versions and the preview stay."),
    "rolled-back": N_("Visitors see the earlier version now."),
    "password-set": N_("Your password is set. Wherever else you were signed in, you are signed out."),
    "kept-all": N_("All of it is kept. The preview shows it now; visitors see it once you publish it."),
    "restoring": N_("A copy of the earlier version becomes the newest one, so that you can continue from it."),
    "session-ended": N_("That browser is signed out."),
    "title-set": N_("The title is changed."),
    "checks-set": N_("Saved. It holds for what you ask for from now on."),
    "address-set": N_("The site has its new address, and the old one leads there."),
    "address-left": N_("The site has its new address, and nothing is at the old one any more."),
    "site-deleted": N_("The site is deleted. For 30 days you can bring it back, at the end of this page."),
    "site-deleted-late": N_(
        "The site is deleted, but a web server still shows it or does not answer. It goes on trying to take it down."
    ),
    "site-gone": N_("The site is deleted. It had no version, so nothing is left of it."),
    "site-back": N_("The site is back. No version of it is meant for visitors until you show them one."),
    "token-ended": N_("The token has ended. Programs that have it can do nothing any more."),
}
# The headings of errors, by status.
TITLES = {
    401: N_("You could not be signed in"),
    403: N_("This is not allowed"),
    404: N_("Not found"),
    409: N_("That does not fit"),
    410: N_("Deleted"),
    413: N_("That is too large"),
    422: N_("That can’t work"),
    429: N_("A moment, please"),
    503: N_("Not available right now"),
}
OTHER_TITLE = N_("Something went wrong")
