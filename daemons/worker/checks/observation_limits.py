"""How much of a page an observation holds. Both sides know it: the sandbox cuts, without the models that refuse."""

LONGEST_PATH = 512
LONGEST_TEXT = 500
LONGEST_ADDRESS = 2_000
MOST_ADDRESSES = 2_000
MOST_ERRORS = 50
