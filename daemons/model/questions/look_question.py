"""The question whether the changes that were made are what the request asks for."""

from daemons.model.questions.question import Question
from shared.domain.model_questions import LookAnswer

LOOK = Question(
    "pagewright_look",
    LookAnswer,
    "`changes` are all that a visitor sees otherwise since an editor worked on the request, but for `left_out` more "
    "that are not told. Say whether the request is done by them, wholly, partly or not; what of it is missing, in its "
    "own language; and the numbers of changes that it neither asks for nor needs. What has to follow is needed: a link "
    "to a new page, a menu on every page. Name only what you are sure of.",
)
