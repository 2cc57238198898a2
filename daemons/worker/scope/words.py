"""Texts as words that can be compared: without case, accents, umlauts, endings, and words that say nothing."""

import re
import unicodedata

_WORD = re.compile(r"[^\W\d_]+|\d+")
_STEM = 6  # of two words that begin with so many equal letters, one is a form of the other
# Spelled-out umlauts: „ue“ for „ü“. Both ways of writing become one, in the request and in the page.
_UMLAUT = re.compile(r"(?<=[aou])e")
# They are in requests and pages whatever is meant.
_EMPTY = frozenset(
    """a an the and or but of to in on at by for from with into as is are be was were it its this that these those
    our my your we you i us me he she they them his her their please can could would should will shall do does not
    no there here so if then than all any each every only just also too very new old now add change changed make
    made set put replace update use page pages site website text der die das den dem des ein eine einen einem
    einer eines und oder aber von zu zum zur im in ist sind war wir ihr ich sie er es uns unser unsere unserer
    unseren mein meine mit auf an am bei fur aus nach bis bitte kann konnen sollen soll wird werden nicht kein
    keine neu neue neuen neues alt alte alten jetzt auch nur noch dass als wie andere andern mach mache machen
    setze setz ersetze ersetz fuge hinzu seite seiten www com org html htm http https
    """.split()
)


def plain(text: str) -> str:
    """The text in small letters without accents, umlauts and needless blanks."""
    bare = (letter for letter in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(letter))
    return " ".join("".join(bare).split())


def words(text: str) -> list[str]:
    """The words of a text that say something, numbers among them, each cut to its stem."""
    return [_stem(word) for word in _WORD.findall(plain(text)) if word not in _EMPTY and (word.isdigit() or word[1:])]


def is_known(text: str) -> bool:
    """Whether enough of the words are such as English and German requests have, so that the others may be judged."""
    found = _WORD.findall(plain(text))
    return sum(word in _EMPTY for word in found) * 4 >= len(found) > 0


def digits(text: str) -> str:
    """The digits of a text alone, as telephone numbers are compared."""
    return re.sub(r"\D", "", text)


def _stem(word: str) -> str:
    if word.isdigit():
        return word.lstrip("0") or "0"
    return _UMLAUT.sub("", word)[:_STEM].rstrip("s")
