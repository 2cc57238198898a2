"""Cleans a PDF: its pages stay as they are; scripts, launched programs, files in it and facts about its making go."""

import re
from collections.abc import Iterator
from io import BytesIO

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PdfReadError, PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, PdfObject, StreamObject

from daemons.worker.attachments.jpeg_segments import without_remarks
from daemons.worker.attachments.prepared import Prepared, Unusable
from shared.domain.attachment_kinds import AttachmentKind

# What acts by itself, or carries other files.
_ACTING = frozenset(
    "/AA /OpenAction /JS /JavaScript /EmbeddedFiles /EF /AF /XFA /RichMediaContent /Collection /Next".split()
)
_TELLING = frozenset("/Metadata /PieceInfo /Thumb".split())
_ACTIONS = frozenset("/URI /GoTo /Named".split())  # that a reader may start with a click
_ACTION_KEYS = ("/A", "/PA")
_CARRIERS = frozenset("/FileAttachment /RichMedia /3D /Movie /Sound /Screen".split())
_LENGTH = re.compile(rb"/Linearized\b.{0,200}?/L\s+(\d+)", re.DOTALL)
_MOST_OBJECTS = 200_000
_TEXT_CHARACTERS = 100_000
_TEXT_PAGES = 50


def prepare_document(data: bytes) -> Prepared:
    """The document without what could act. Raises Unusable if it is damaged or locked."""
    _check_whole(data)
    try:
        reader = PdfReader(BytesIO(data))
        if reader.is_encrypted:
            raise Unusable("is locked by a password", "Save it without a password and attach it again.")
        text, pages = _text(reader), len(reader.pages)
        if not pages:
            raise Unusable("has no pages")
        cleaned, acted = _cleaned(reader)
    except (PyPdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError, OSError):
        raise Unusable("is damaged", "Save it as PDF once more and attach it again.") from None
    except MemoryError:
        raise Unusable("needs too much memory", "Make it smaller and attach it again.") from None
    notes = ("lost what could run in it",) if acted else ()
    return Prepared(cleaned, AttachmentKind.PDF, None, (_count(pages), *notes), {"txt": text.encode(errors="replace")})


def _check_whole(data: bytes) -> None:
    """Raises Unusable if the end is missing, where a PDF says what it has."""
    promised = _LENGTH.search(data[:2048])
    is_cut = promised is not None and int(promised[1]) > len(data)
    if is_cut or not 0 < data.rfind(b"startxref") < data.rfind(b"%%EOF"):
        raise Unusable("is incomplete: it ends too early")


def _count(pages: int) -> str:
    return f"has {pages:,} pages" if pages != 1 else "has one page"


def _text(reader: PdfReader) -> str:
    """What can be read in it, for the agent; a page that can't be read gives none."""
    texts = list[str]()
    for page in reader.pages[:_TEXT_PAGES]:
        try:
            texts.append(page.extract_text())
        except (PyPdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
            texts.append("")
    return "\n\n".join(texts)[:_TEXT_CHARACTERS]


def _cleaned(reader: PdfReader) -> tuple[bytes, bool]:
    """The document anew, from what is still reached after the cleaning; and whether anything in it could act."""
    acted = False
    for found in _objects(reader.root_object):
        if isinstance(found, DictionaryObject):
            acted |= _clean(found)
        if isinstance(found, StreamObject) and "/DCTDecode" in str(found.get("/Filter")):
            found._data = without_remarks(found._data)
    writer = PdfWriter(clone_from=reader)
    writer.metadata = None
    out = BytesIO()
    writer.write(out)
    return out.getvalue(), acted


def _objects(root: DictionaryObject) -> Iterator[PdfObject]:
    """Every dictionary and list that is reached from here, once; what was removed meanwhile is not reached."""
    waiting: list[PdfObject] = [root]
    seen = set[int]()
    while waiting:
        found = waiting.pop()
        if isinstance(found, IndirectObject):
            if found.idnum in seen:
                continue
            seen.add(found.idnum)
            found = found.get_object() or NameObject("/Nothing")
        if isinstance(found, DictionaryObject | ArrayObject):
            yield found
            waiting.extend(found.values() if isinstance(found, DictionaryObject) else found)
        if len(waiting) + len(seen) > _MOST_OBJECTS:
            raise PdfReadError("too many objects")


def _clean(found: DictionaryObject) -> bool:
    """Remove what acts or tells; whether something acted."""
    acting = [name for name in found if name in _ACTING]
    acting += [name for name in _ACTION_KEYS if name in found and _acts(found[name])]
    for name in (*acting, *(name for name in found if name in _TELLING)):
        del found[name]
    if "/Annots" in found and isinstance(found["/Annots"], ArrayObject):
        kept = [item for item in found["/Annots"] if _subtype(item) not in _CARRIERS]
        acting += [""] * (len(found["/Annots"]) - len(kept))
        found[NameObject("/Annots")] = ArrayObject(kept)
    return bool(acting)


def _acts(action: object) -> bool:
    """Whether an action is more than a link. A dictionary of another meaning, such as a structure's, is none."""
    return isinstance(action, DictionaryObject) and "/S" in action and str(action["/S"]) not in _ACTIONS


def _subtype(annotation: PdfObject) -> str:
    found = annotation.get_object()
    return str(found.get("/Subtype")) if isinstance(found, DictionaryObject) else ""
