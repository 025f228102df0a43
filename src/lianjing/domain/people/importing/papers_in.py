"""Photos and scans as they are brought, in a ZIP file; and what their names say. No Django."""

import io
import re
import stat
import zipfile
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from unicodedata import normalize

from lianjing.core.scans import LARGEST
from lianjing.core.workbooks.cells import shown
from lianjing.core.workbooks.files import NotATable, member_name
from lianjing.core.workbooks.planning import File
from lianjing.domain.people.fact_kinds import SPECS, Part
from lianjing.terms.sentences import marked as _
from lianjing.terms.staffing import StaffFactKind

ENDINGS = (".jpg", ".jpeg", ".png", ".pdf")
MOST_PAPERS = 5000
MOST_UNPACKED = 1_000_000_000
"""Bytes of all files together: a small file can unpack to a disk's worth."""
PASSED_OVER = frozenset({"thumbs.db", ".ds_store", "desktop.ini"})


@dataclass(frozen=True, slots=True)
class Paper:
    """One file. `content` holds one byte too much at most: what is too large is not read to its end."""

    name: str
    content: bytes


def is_papers(file: File) -> bool:
    """Whether it is a ZIP file with photos or scans in it, and no tables."""
    if not file.content.startswith(b"PK"):
        return False
    try:
        names = [name.lower() for name in zipfile.ZipFile(io.BytesIO(file.content)).namelist()]
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False
    if "[content_types].xml" in names or any(name.endswith(".csv") for name in names):
        return False
    return any(name.endswith(ENDINGS) for name in names)


def papers_in(file: File) -> Iterator[Paper]:
    """The files, one after the other. Raises NotATable for a ZIP file that is broken, too large, or no honest one."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(file.content))
        for part, name in _sound(archive):
            with archive.open(part) as source:
                yield Paper(name, source.read(LARGEST + 1))
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, ValueError) as wrong:
        raise NotATable(_("压缩文件损坏或有密码，不能读取。")) from wrong


def _sound(archive: zipfile.ZipFile) -> Sequence[tuple[zipfile.ZipInfo, str]]:
    """The files in it by their bare names, once all of it has been looked at."""
    parts = archive.infolist()
    if sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise NotATable(_("文件解开后超过 %(limit)d MB，不能导入：请分成几个文件。"), limit=MOST_UNPACKED // 1_000_000)
    if len(parts) > MOST_PAPERS:
        raise NotATable(_("共 %(count)d 个文件，最多 %(most)d 个。"), count=len(parts), most=MOST_PAPERS)
    found = []
    for part in parts:
        path = member_name(part).replace("\\", "/")
        if _leads_away(part, path):
            raise NotATable(_("压缩文件里有越出文件夹的路径“%(path)s”，不能导入。"), path=shown(path))
        if not part.is_dir() and not _is_passed_over(path):
            found.append((part, PurePosixPath(path).name))
    return found


def _leads_away(part: zipfile.ZipInfo, path: str) -> bool:
    """We write nothing under these names; who makes such a file means harm all the same."""
    return (
        path.startswith("/")
        or re.match(r"[A-Za-z]:", path) is not None
        or ".." in path.split("/")
        or stat.S_ISLNK(part.external_attr >> 16)
    )


def _is_passed_over(path: str) -> bool:
    """What computers put beside the files."""
    name = PurePosixPath(path).name.lower()
    return path.startswith("__MACOSX/") or name in PASSED_OVER or name.startswith("._")


# Names

PHOTO = "photo"
_K = StaffFactKind
_ALSO: dict[str, tuple[str, ...]] = {
    PHOTO: ("", "照片", "证件照", "免冠照", "头像", "picture", "portrait"),
    _K.GUARD_CERTIFICATE: ("certificate", "cert", "保安证", "保安员证书", "上岗证"),
    _K.QUALIFICATION: ("职业资格证", "资格证", "职业资格证书"),
    _K.HEALTH: ("健康证", "体检", "体检表", "体检报告", "health_certificate"),
    _K.EDUCATION: ("学历证", "学历证明", "毕业证", "毕业证书", "diploma"),
    _K.BACKGROUND: ("背审", "无犯罪记录证明", "无犯罪证明", "background_review"),
    _K.POLICE_EXAM: ("exam", "考试", "考试合格证"),
    _K.POLICE_REVIEW: ("review", "审查"),
    _K.LABOUR_CONTRACT: ("contract", "合同", "labor_contract"),
    _K.INSURANCE: ("保险单", "保单"),
    _K.TRAINING: ("培训记录", "培训证明"),
    _K.APPRAISAL: ("考核表",),
}


def _form(text: str) -> str:
    return re.sub(r"[^0-9a-z\u4e00-\u9fff]", "", normalize("NFKC", text).lower())


def _kinds() -> dict[str, str]:
    scanned = [kind for kind, spec in SPECS.items() if Part.SCAN in spec.takes]
    known = {form: kind.value for kind in scanned for form in (_form(kind.value), _form(kind.zh))}
    known |= {_form(other): str(kind) for kind, others in _ALSO.items() for other in others}
    return {**known, _form(PHOTO): PHOTO}


KINDS = _kinds()
"""What the rest of a name may say, to `photo` or a kind of fact."""
_COPY = re.compile(r"\(\d+\)$")


@dataclass(frozen=True, slots=True)
class Named:
    """What a file's name says; "" for what it does not."""

    staff_no: str = ""
    kind: str = ""


def named(name: str, numbers: Collection[str]) -> Named:
    """`001.jpg` is the photo of 001, `001-保安员证.pdf` his certificate. Of several numbers that fit the longest."""
    stem = normalize("NFKC", PurePosixPath(name).stem).strip()
    for end in range(len(stem), 0, -1):
        if stem[:end] in numbers and not (stem[end : end + 1].isascii() and stem[end : end + 1].isalnum()):
            rest = _COPY.sub("", stem[end:].strip()).strip()
            return Named(stem[:end], KINDS.get(_form(rest), ""))
    return Named()
