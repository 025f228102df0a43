"""Photos and scans in bulk: matched by staff number and kind, looked into, and kept all or not at all."""

import io
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from lianjing.core.viewer import Forbidden
from lianjing.core.workbooks.files import NotATable
from lianjing.core.workbooks.planning import File, Outcome
from lianjing.domain.people.importing import papers, papers_in
from lianjing.domain.people.importing.papers import examine_papers, import_papers
from lianjing.domain.people.importing.papers_in import Named, is_papers, named
from lianjing.domain.people.models import Photo, StaffFact, StaffMember
from lianjing.domain.records.models import Record
from tests.cast import NOON, Cast
from tests.domain.people.importing.sheets import people, person, take
from tests.domain.sites.importing.books import counted, sentences

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj\n%%EOF\n"
LATER = NOON + timedelta(days=1)


def picture(colour: str = "white") -> bytes:
    into = io.BytesIO()
    Image.new("RGB", (30, 40), colour).save(into, "JPEG")
    return into.getvalue()


def bundle(files: dict[str, bytes]) -> File:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return File("scans.zip", into.getvalue())


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def staff(cast: Cast) -> Cast:
    take(cast.company, people(person(1), person(2)))
    return cast


def bring(cast: Cast, files: dict[str, bytes] | File, by: str = "mia") -> Outcome:
    file = files if isinstance(files, File) else bundle(files)
    return import_papers(file, cast.company.pk, by=cast.viewer(by), at=LATER, source="test")


def content(file: Any) -> bytes:
    with file.open("rb") as opened:
        return bytes(opened.read())


def files_in(folder: Path) -> int:
    return sum(path.is_file() for path in folder.rglob("*"))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("001.jpg", Named("001", "photo")),
        ("001 照片.png", Named("001", "photo")),
        ("001-保安员证.pdf", Named("001", "guard_certificate")),
        ("001保安员证.pdf", Named("001", "guard_certificate")),
        ("001_health.pdf", Named("001", "health")),
        ("001_Guard-Certificate.PDF", Named("001", "guard_certificate")),
        ("００１－健康证（2）.pdf", Named("001", "health")),
        ("001-劳动合同.pdf", Named("001", "labour_contract")),
        ("001-7.jpg", Named("001-7", "photo")),
        ("0011.jpg", Named()),
        ("001-菜单.pdf", Named("001", "")),
        ("陈思远.jpg", Named()),
    ],
)
def test_a_name_says_whose_it_is_and_what(name: str, said: Named) -> None:
    assert named(name, {"001", "001-7"}) == said


def test_photos_and_scans_find_their_person_and_fact(staff: Cast, folder: Path) -> None:
    files = {"证件/001.jpg": picture(), "证件/001-保安员证.pdf": PDF, "002_health.pdf": PDF + b"2", "Thumbs.db": b"x"}
    looked = examine_papers(bundle(files), staff.company.pk, by=staff.viewer("mia"), at=NOON)
    assert [(c.key, c.after["staff_no"], c.after["kind"], c.after["about"]) for c in looked.plan.changes] == [
        ("001.jpg", "001", "photo", ""),
        ("001-保安员证.pdf", "001", "guard_certificate", "33-1 2024-02-20 – 2030-02-19"),
        ("002_health.pdf", "002", "health", "… – 2027-05-31"),
    ]
    assert (Photo.objects.count(), files_in(folder)) == (0, 0)
    assert counted(bring(staff, files)) == (3, 0, 0)
    member = StaffMember.objects.get(staff_no="001")
    assert content(member.photo.file) == picture()
    fact = member.facts.get(kind="guard_certificate", retracted_at=None)
    assert (content(fact.scan), fact.number, fact.replaces.retract_reason) == (PDF, "33-1", "导入文件 scans.zip")
    assert {r.action for r in Record.objects.filter(at=LATER)} == {
        "staff.photo_kept",
        "staff.fact_corrected",
        "workbook.imported",
    }
    assert files_in(folder) == 3


def test_the_same_files_again_change_nothing_and_another_photo_takes_the_place(
    staff: Cast, folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    files = {"001.jpg": picture(), "001-保安员证.pdf": PDF}
    bring(staff, files)
    before = StaffFact.objects.count(), Record.objects.count()
    assert counted(bring(staff, files)) == (0, 0, 2)
    assert (StaffFact.objects.count(), Record.objects.count()) == before
    with django_capture_on_commit_callbacks(execute=True):
        assert counted(bring(staff, {"001.jpg": picture("black")})) == (0, 1, 0)
    assert content(Photo.objects.get().file) == picture("black")
    assert files_in(folder) == 2


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"999.jpg": picture()}, "“999.jpg”：没有这样的工号，文件名须以工号开头。"),
        ({"001-菜单.pdf": PDF}, "“001-菜单.pdf”：看不出是什么，工号后面可写 照片、"),
        ({"001-保险.pdf": PDF}, "“001-保险.pdf”：陈思1没有登记保险，请先登记再导入扫描件。"),
        ({"001.pdf": PDF}, "“001.pdf”：照片须为 JPEG 或 PNG 图片。"),
        ({"001-健康证明.pdf": b"MZ evil"}, "“001-健康证明.pdf”：只能是 PDF、PNG 或 JPEG 文件"),
        ({"001.jpg": picture()[:200]}, "“001.jpg”：图片已损坏"),
        ({"001.jpg": picture(), "001-照片.jpg": picture("red")}, "“001-照片.jpg”与“001.jpg”是同一人的同一种文件"),
        ({"001_health.pdf": b"%PDF-" + b"0" * 10_500_000 + b"%%EOF"}, "“001_health.pdf”：文件超过 10 MB。"),
    ],
)
def test_one_bad_file_is_named_and_nothing_is_kept(
    staff: Cast, folder: Path, files: dict[str, bytes], said: str
) -> None:
    outcome = bring(staff, {**files, "002.jpg": picture("blue")})
    assert [sentence.startswith(said) for sentence in sentences(outcome)] == [True]
    assert (outcome.applied, Photo.objects.count(), files_in(folder)) == (False, 0, 0)


@pytest.mark.parametrize("name", ["../001.jpg", "/etc/001.jpg", "a\\..\\001.jpg", "C:\\001.jpg"])
def test_a_path_that_leads_away_is_refused_with_the_whole_file(staff: Cast, name: str) -> None:
    with pytest.raises(NotATable):
        bring(staff, {name: picture(), "002.jpg": picture()})


def test_what_unpacks_to_too_much_is_refused_unread(staff: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(papers_in, "MOST_UNPACKED", 1_000_000)
    with pytest.raises(NotATable):
        bring(staff, {"001.jpg": b"\0" * 1_000_001})
    monkeypatch.setattr(papers_in, "MOST_PAPERS", 1)
    with pytest.raises(NotATable):
        bring(staff, {"001.jpg": b"", "002.jpg": b""})


def test_a_broken_zip_is_no_file_of_ours(staff: Cast) -> None:
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as archive:
        archive.writestr("001.jpg", picture())
    torn = stored.getvalue().replace(picture()[:50], b"\0" * 50)
    with pytest.raises(NotATable):
        bring(staff, File("scans.zip", torn))


def test_a_crash_leaves_neither_rows_nor_files(staff: Cast, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object, **__: object) -> None:
        raise RuntimeError("power cut")

    before = StaffFact.objects.count()
    monkeypatch.setattr(papers, "write_down", crash)
    with pytest.raises(RuntimeError):
        bring(staff, {"001.jpg": picture(), "001-保安员证.pdf": PDF})
    assert (StaffFact.objects.count(), Photo.objects.count(), files_in(folder)) == (before, 0, 0)


def test_only_who_keeps_files_brings_some_and_a_strangers_number_is_unknown(staff: Cast) -> None:
    for name in ("leo", "olivia", "sam"):
        with pytest.raises(Forbidden):
            bring(staff, {"001.jpg": picture()}, by=name)
    elsewhere = import_papers(bundle({"001.jpg": picture()}), staff.other.pk, by=staff.viewer("ada"), at=NOON)
    assert sentences(elsewhere) == ["“001.jpg”：没有这样的工号，文件名须以工号开头。"]


def test_a_zip_of_tables_is_no_bundle_of_papers() -> None:
    assert is_papers(bundle({"001.jpg": b""}))
    assert not is_papers(bundle({"001.jpg": b"", "people.csv": b""}))
    assert not is_papers(people(person(1)))
    assert not is_papers(File("001.pdf", PDF))


def test_the_number_of_queries_does_not_grow_with_the_files(cast: Cast, django_assert_max_num_queries: Any) -> None:
    take(cast.company, people(*(person(place) for place in range(1, 61))))
    files = {f"{place:03d}-保安员证.pdf": PDF + str(place).encode() for place in range(1, 61)}
    with django_assert_max_num_queries(20):
        assert counted(bring(cast, files)) == (60, 0, 0)
