"""How much of a page an observation holds. Both sides know it: the sandbox cuts, without the models that refuse."""

LONGEST_PATH = 512
LONGEST_TEXT = 500
LONGEST_ADDRESS = 2_000
MOST_ADDRESSES = 2_000
MOST_ERRORS = 50
MOST_BLOCKS = 1_000
LONGEST_BLOCK_TEXT = 1_000
LONGEST_NAME = 100
LONGEST_BLOCKS = 256 << 10
MOST_LOOKS = 8
HIGHEST_PICTURE = 8_000
LARGEST_PICTURE = 2 << 20
