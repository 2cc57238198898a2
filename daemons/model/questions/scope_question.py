"""The question what a request concerns."""

from daemons.model.questions.question import Question
from shared.domain.model_questions import ScopeAnswer

SCOPE = Question(
    "pagewright_scope",
    ScopeAnswer,
    "Say what the request concerns, as narrowly as it can be meant: `pages` are the paths of the pages that have to "
    "change, as `pages` of the site has them, and of a page that has to be made a path such as `team.html`; leave out "
    "pages where only a link has to follow. `everywhere` only if the request says that every page is meant; then "
    "`pages` is empty. If the request does not tell which page is meant, name none.",
)
