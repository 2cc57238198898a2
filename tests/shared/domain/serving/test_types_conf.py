"""nginx's files say what the rules of serving say."""

import re
from pathlib import Path

from shared.domain.serving.addresses import ENDINGS
from shared.domain.serving.media_types import PROGRAMS, TYPES
from shared.domain.serving.types_conf import types_conf

_NGINX = Path(__file__).parents[4] / "nginx"
_SITES = (_NGINX / "sites.conf").read_text()


def test_nginx_has_the_table_of_types() -> None:
    assert (_NGINX / "types.conf").read_text() == types_conf(), "run `make docs`"


def test_nginx_knows_the_same_programs() -> None:
    (words,) = re.findall(r'location ~\* "\\\.\(\?:([a-z0-9|]+)\)\$" \{\n        set \$pagewright_disposition', _SITES)
    assert set(words.split("|")) == PROGRAMS


def test_nginx_opens_the_same_names_without_looking_for_a_page() -> None:
    patterns = [re.compile(text) for text in re.findall(r'location ~\* "(\\\.[^"]+)" \{', _SITES)]
    assert len(patterns) == 4
    known = ENDINGS | PROGRAMS | TYPES.keys()
    matched = {word for word in known if any(pattern.search(f"a.{word}") for pattern in patterns)}
    assert matched == ENDINGS | PROGRAMS
