"""Files of event records, read as text: the edge of events/.

In:   what a user names: the path of a file, or "zwk" for the packaged records.
Out:  `Document`: its text, its form (CSV or YAML), and the source it is stored under.

Knows paths, encodings and what other forms of file look like; does not know what
an event is (the parsers do).  The form is told by the content first, and only
then by the name.  Raises BadInput, naming the file and the remedy, for whatever
cannot be read.
"""

import os.path
import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from harvester import resources
from harvester.errors import BadInput

ZWK = "zwk"
"""The name that the packaged records go by, as source and in commands."""


class Kind(StrEnum):
    """The forms of file that can be parsed."""

    CSV = "csv"
    YAML = "yaml"


@dataclass(frozen=True, slots=True)
class Document:
    """A file of event records, unparsed.

    `source` identifies it in the store, whatever directory a command is started
    in; `name` is what the user wrote, for messages.
    """

    source: str
    name: str
    kind: Kind
    text: str


_CSV_HEADER = re.compile(
    r"""["']?(event_id|talk_id)["']?\s*[,;\t]|.*[,;\t]\s*["']?(event_id|talk_id)\b"""
)
_YAML_START = re.compile(r"---(\s|$)|- |[A-Za-z_]+\s*:(\s|$)")
_SUFFIXES = {".csv": Kind.CSV, ".tsv": Kind.CSV, ".yaml": Kind.YAML, ".yml": Kind.YAML}
_BINARY = {
    b"PK\x03\x04": "is a workbook or an archive; save the table as 'CSV UTF-8' and give that file",
    b"\xd0\xcf\x11\xe0": "is an old Excel workbook; save the table as 'CSV UTF-8'",
    b"\xff\xfe": "is in UTF-16; save it as 'CSV UTF-8', or in an editor as UTF-8",
    b"\xfe\xff": "is in UTF-16; save it as 'CSV UTF-8', or in an editor as UTF-8",
    b"\x1f\x8b": "is compressed; unpack it first",
    b"%PDF": "is a PDF; event records are read from CSV or YAML",
}
_OTHER_FORMS = {
    "BEGIN:VCALENDAR": "iCalendar",
    "{": "JSON",
    "[": "JSON",
    "<": "XML or a web page",
}


def source_of(name: str) -> str:
    """Return what a file is stored under: its absolute path, or "zwk".

    Links are not followed: a file behind `current/` stays the same source when
    the link is set to the next release.
    """
    if _is_packaged(name):
        return ZWK
    return os.path.normpath(Path(name).absolute())


def read(name: str) -> Document:
    """Return the document that a user means by `name`.

    Raises BadInput if there is none, or none that can be read: an address, a
    folder, an empty file, another encoding than UTF-8, another form of file.
    """
    if re.match(r"[a-z][a-z0-9+.-]+://", name, re.IGNORECASE):
        raise BadInput(f"{name}: addresses are not read yet; download it first and give the file")
    path = resources.config() / "events" / "zwk.yaml" if _is_packaged(name) else Path(name)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise BadInput(f"{name}: there is no such file (looked for {path.absolute()})") from None
    except IsADirectoryError:
        raise BadInput(f"{name}: is a folder; name the files in it") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise BadInput(f"{name}: cannot be read: {reason}") from None
    text = _decoded(content, name)
    return Document(source_of(name), name, _kind(text, name), text)


def _is_packaged(name: str) -> bool:
    return name == ZWK and not Path(name).exists()


def _decoded(content: bytes, name: str) -> str:
    for start, what in _BINARY.items():
        if content.startswith(start):
            raise BadInput(f"{name}: {what}")
    try:
        text = content.decode("utf-8-sig")  # Excel puts a byte order mark first, others do not
    except UnicodeDecodeError as error:
        bad = content[error.start]
        line = content.count(b"\n", 0, error.start) + 1
        seen = bytes([bad]).decode("cp1252", errors="replace")
        raise BadInput(
            f"{name}, line {line}: is not UTF-8 (byte 0x{bad:02X}, {seen!r} in Windows-1252);"
            " save it as 'CSV UTF-8' in Excel, or as UTF-8 in an editor"
        ) from None
    if not text.strip():
        raise BadInput(f"{name}: is empty")
    return text


def _kind(text: str, name: str) -> Kind:
    first = next(
        (line for line in map(str.strip, text.splitlines()) if line and not line.startswith("#")),
        "",
    )
    if _CSV_HEADER.match(first.lower()):
        return Kind.CSV
    for start, other in _OTHER_FORMS.items():
        if first.startswith(start):
            raise BadInput(f"{name}: is {other}, which is not read yet; give CSV or YAML")
    suffix = _SUFFIXES.get(Path(name).suffix.lower())
    if suffix:
        return suffix
    if _YAML_START.match(first):
        return Kind.YAML
    raise BadInput(
        f"{name}: is neither CSV (with the columns event_id or talk_id) nor YAML (with events:);"
        f" it begins with {first[:60]!r}"
    )
