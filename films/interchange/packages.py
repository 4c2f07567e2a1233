"""What a programme is handed in as: a folder, a ZIP of one, some CSV files, or a workbook."""

import io
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath
from typing import Protocol

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from films.interchange.csv_files import Line, lines_of_csv
from films.interchange.report import Report
from films.interchange.tables import FILES
from films.interchange.workbooks import NoWorkbook, Workbook

# What one upload may hold; the command line takes a folder of any size.
MOST_BYTES = 10 * 1024 * 1024
MOST_UNPACKED = 60 * 1024 * 1024
MOST_MEMBERS = 500
MOST_ROWS = 20_000


class BadPackage(ValueError):
    """Why an upload cannot be opened, as a sentence for whoever uploaded it."""


class Package(Protocol):
    is_workbook: bool

    def files(self) -> set[str]:
        """Names of the CSV files in it, or that its sheets stand for."""

    def lines(self, file: str, report: Report) -> list[Line] | None:
        """The header and the rows of one of them; None, with a reason in the report, when it cannot be read."""


class CsvPackage:
    is_workbook = False

    def __init__(self, names: Iterable[str], read: Callable[[str], bytes], most: int | None = None) -> None:
        self._names, self._read, self._most = set(names), read, most

    def files(self) -> set[str]:
        return self._names

    def lines(self, file: str, report: Report) -> list[Line] | None:
        if file not in self._names:
            sentence = _("The file is missing from the folder.")
            if others := sorted(self._names - set(FILES)):
                sentence += " " + _("Is it one of these: %(names)s?") % {"names": ", ".join(others[:8])}
            report.refused.add(file, 0, "", sentence)
            return None
        return _few_enough(lines_of_csv(lambda: self._read(file), file, report), self._most, file, report)


class WorkbookPackage:
    is_workbook = True

    def __init__(self, content: bytes, most: int | None = None) -> None:
        self._workbook, self._most = Workbook(content), most

    def files(self) -> set[str]:
        return self._workbook.files()

    def lines(self, file: str, report: Report) -> list[Line] | None:
        lines = self._workbook.lines(file, report, self._most or 1_048_576)
        return _few_enough(lines, self._most, file, report)


def _few_enough(lines: list[Line] | None, most: int | None, file: str, report: Report) -> list[Line] | None:
    if lines is None or most is None or len(lines) <= most + 1:
        return lines
    sentence = _(
        "Has more than %(most)s rows, which is more than a page can take in. "
        "Let somebody with access to the server import it: manage.py import_programme."
    )
    report.refused.add(file, 0, "", sentence % {"most": number_format(most, force_grouping=True)})
    return None


def package_at(path: Path) -> Package:
    """The programme at `path`, a folder, a ZIP or a workbook. Raises BadPackage."""
    if path.is_dir():
        return CsvPackage((found.name for found in path.glob("*.csv")), lambda file: (path / file).read_bytes())
    try:
        return _opened(path.read_bytes())
    except OSError as error:
        raise BadPackage(_("“%(path)s” cannot be read: %(why)s.") % {"path": path, "why": error.strerror}) from None


def uploaded_package(content: bytes) -> Package:
    """What was uploaded, within what a page can take in. Raises BadPackage."""
    return _opened(content, MOST_ROWS)


def zipped(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Files, each by its name, as one ZIP."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, file in files:
            archive.writestr(name, file)
    return content.getvalue()


def _opened(content: bytes, most: int | None = None) -> Package:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise BadPackage(
            _(
                "The file cannot be opened: it is damaged or was cut off on its way, or it is neither a ZIP "
                "nor an XLSX workbook."
            )
        ) from None
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > MOST_UNPACKED:
        raise BadPackage(
            _("Unpacked, the file would be larger than %(most)d MB, or it holds too many parts.")
            % {"most": MOST_UNPACKED // 1024 // 1024}
        )
    if any(member.flag_bits & 1 for member in members):
        raise BadPackage(_("The ZIP is protected by a password. Pack it again without one."))
    if "xl/workbook.xml" in archive.namelist():
        try:
            return WorkbookPackage(content, most)
        except (NoWorkbook, zipfile.BadZipFile) as reason:
            raise BadPackage(str(reason)) from None
    return _archive(archive, members, most)


def _archive(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], most: int | None) -> Package:
    by_name: dict[str, zipfile.ZipInfo] = {}
    for member in members:
        path = PurePosixPath(member.filename.replace("\\", "/"))
        name = path.name.casefold()
        if not name.endswith(".csv") or "__MACOSX" in path.parts or name.startswith("."):
            continue
        if name in by_name:
            raise BadPackage(_("The ZIP holds “%(name)s” more than once.") % {"name": name})
        by_name[name] = member
    if not by_name:
        raise BadPackage(_("The ZIP holds no CSV file."))

    def read(file: str) -> bytes:
        try:
            return archive.read(by_name[file])
        except Exception as fault:
            # Each way of packing has errors of its own for content that is not its own; all say the same.
            raise OSError(0, _("it is damaged in the ZIP")) from fault

    return CsvPackage(by_name, read, most)
