"""A bundle handed in as a ZIP: what was cut, altered or moved in it is named, and what is no bundle is refused."""

import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lianjing.core.seals import bundle_zip
from lianjing.domain.people.models import User
from lianjing.domain.records.models import Reading, Record
from lianjing.web.police.fault_words import SENTENCES, fault_line
from tests.domain.signals.test_bundle import bundle, rows_of, sealed, write_rows  # noqa: F401 fixtures

URL = "/police/verification/"
NAMES = ("manifest.json", "seals.jsonl", "leaves.jsonl", "verify.py")


@pytest.fixture
def polly(sealed: None) -> Client:  # noqa: F811
    client = Client()
    client.force_login(
        User.objects.get(username="polly"), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    return client


def packed(folder: Path, top: str = "out/", without: str = "") -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as file:
        for name in NAMES:
            if name != without:
                file.write(folder / name, top + name)
    return into.getvalue()


def zipped(files: dict[str, bytes]) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in files.items():
            file.writestr(name, content)
    return into.getvalue()


def sent(client: Client, content: bytes, head: str = "") -> tuple[int, str]:
    answer = client.post(URL, {"bundle": SimpleUploadedFile("out.zip", content), "head": head})
    return answer.status_code, answer.content.decode()


def test_a_sound_bundle_holds_with_its_head_and_leaves_a_record_and_nothing_else(polly: Client, bundle: Path) -> None:  # noqa: F811
    head = json.loads((bundle / "manifest.json").read_text())["head"]
    for top in ("", "out/"):
        status, page = sent(polly, packed(bundle, top), head)
        assert status == 200
        assert "✓ 证据包成立" in page
        assert "末尾封存与本系统的一致" in page
        assert "与所填的封存号与哈希一致" in page
    acts = (
        Record.objects.filter(action="bundle.verified").order_by("id").values_list("actor_name", "company_id", "after")
    )
    assert [(name, pk, told["holds"], told["bundle_head"]) for name, pk, told in acts] == [
        ("Polly", None, True, head)
    ] * 2
    assert Reading.objects.count() == 0


def test_without_a_head_only_inner_consistency_is_said_to_be_proved(polly: Client, bundle: Path) -> None:  # noqa: F811
    assert "只证明包内前后一致" in sent(polly, packed(bundle))[1]


def _alter(folder: Path) -> None:
    rows = rows_of(folder / "leaves.jsonl")
    rows[-1]["act"] = rows[-1]["act"].replace("门", "窗")
    write_rows(folder / "leaves.jsonl", rows)


def _cut(folder: Path) -> None:
    write_rows(folder / "leaves.jsonl", rows_of(folder / "leaves.jsonl")[:-1])


def _move(folder: Path) -> None:
    rows = rows_of(folder / "leaves.jsonl")
    rows[-1], rows[-2] = rows[-2], rows[-1]
    write_rows(folder / "leaves.jsonl", rows)


def _cut_a_seal(folder: Path) -> None:
    rows = rows_of(folder / "seals.jsonl")
    write_rows(folder / "seals.jsonl", rows[:1] + rows[2:])


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_alter, ["内容与叶哈希不符，被改动过。", "✕ 改动", "leaves.jsonl 第 9 行"]),
        (_cut, ["封存了 2 条，现有 1 条。", "✕ 截去", "封存 #4"]),
        (_move, ["次序被移动", "✕ 移动"]),
        (_cut_a_seal, ["它接在封存 #1 之后：中间的封存被截去或移走。"]),
    ],
)
def test_what_was_altered_cut_or_moved_is_named(
    polly: Client,
    bundle: Path,  # noqa: F811
    spoil: Callable[[Path], None],
    said: list[str],
) -> None:
    spoil(bundle)
    status, page = sent(polly, packed(bundle))
    assert status == 200
    assert "✕ 证据包不成立" in page
    assert [sentence for sentence in said if sentence not in page] == []
    assert Record.objects.get(action="bundle.verified").after["holds"] is False


def test_what_occurs_often_does_not_hide_what_occurs_once(polly: Client, bundle: Path) -> None:  # noqa: F811
    rows = rows_of(bundle / "leaves.jsonl")
    again = [{**rows[-1], "id": 100 + number} for number in range(300)]
    rows[-2]["act"] = rows[-2]["act"].replace("门", "窗")
    write_rows(bundle / "leaves.jsonl", [*rows[:-2], *again, *rows[-2:]])
    page = sent(polly, packed(bundle))[1]
    assert page.count("次序被移动了") == 20
    assert page.count("内容与叶哈希不符") == 1
    assert "另有 281 处没有列出" in page


def test_a_head_that_the_bundle_does_not_hold_is_a_cut_tail(polly: Client, bundle: Path) -> None:  # noqa: F811
    page = sent(polly, packed(bundle), f"9:{'a' * 64}")[1]
    assert "包外留存的封存号与哈希不在包里：尾部被截去，或者整个重写过。" in page


def test_a_bundle_of_another_house_says_so(polly: Client, bundle: Path) -> None:  # noqa: F811
    content = packed(bundle)
    Record.objects.update(seal=None)
    from lianjing.domain.records.models import JournalLeaf, Seal

    JournalLeaf.objects.all().delete()
    Seal.objects.all().delete()
    assert "不是本系统现有的封存" in sent(polly, content)[1]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "这不是能读的 ZIP 文件"),
        (b"PK\x03\x04 no zip", "这不是能读的 ZIP 文件"),
        (zipped({"../manifest.json": b"{}"}), "“../manifest.json”不属于证据包"),
        (zipped({"/etc/manifest.json": b"{}"}), "“/etc/manifest.json”不属于证据包"),
        (zipped({"a/b/manifest.json": b"{}"}), "“a/b/manifest.json”不属于证据包"),
        (zipped({"a\\manifest.json": b"{}"}), "不属于证据包"),
        (zipped({"photo.jpg": b"x"}), "“photo.jpg”不属于证据包"),
        (zipped({"manifest.json": b"{}"}), "压缩包里没有 seals.jsonl"),
        (zipped({"a/manifest.json": b"{}", "b/seals.jsonl": b"", "c/leaves.jsonl": b""}), "压缩包里没有 manifest.json"),
        (zipped({"a/manifest.json": b"{}", "b/manifest.json": b"{}"}), "有两个 manifest.json"),
        (zipped({f"{n}.txt": b"" for n in range(60)}), "压缩包里有 60 个文件"),
        (zipped({"manifest.json": b"[]", "seals.jsonl": b"", "leaves.jsonl": b""}), "manifest.json 读不出"),
        (zipped({"manifest.json": b"\xff", "seals.jsonl": b"", "leaves.jsonl": b""}), "manifest.json 读不出"),
        (
            zipped({"manifest.json": b'{"format": "other"}', "seals.jsonl": b"", "leaves.jsonl": b""}),
            "manifest.json 读不出",
        ),
    ],
)
def test_what_is_no_bundle_is_refused_in_words(polly: Client, content: bytes, said: str) -> None:
    status, page = sent(polly, content)
    assert (status, said in page) == (422, True)
    assert not Record.objects.filter(action="bundle.verified").exists()


def test_a_bomb_is_not_unpacked(polly: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle_zip, "WHOLE_AT_MOST", 3_000_000)
    lines = b"{}\n" * 2_000_000
    bomb = zipped({"manifest.json": b"{}", "seals.jsonl": lines, "leaves.jsonl": b""})
    assert len(bomb) < 20_000
    assert "解开后超过" in sent(polly, bomb)[1]
    monkeypatch.setattr(bundle_zip, "LINE_AT_MOST", 1000)
    long = zipped({"manifest.json": b"{}", "seals.jsonl": b"x" * 2000, "leaves.jsonl": b""})
    assert "seals.jsonl 里有一行太长" in sent(polly, long)[1]


def test_lines_that_are_made_up_to_break_the_reader_are_faults(polly: Client) -> None:
    nasty: list[Any] = [
        {"kind": "record", "id": 1, "seal": 1, "place": 0, "leaf": "00", "salt": "00", "act": 7},
        {"kind": "record", "id": 1, "seal": 1, "place": 0, "leaf": 5, "erased_by": "x"},
        {"kind": "commit", "id": "a", "seal": 1, "place": 0, "leaf": "00", "frames": [1]},
        {"kind": "commit", "id": 1, "seal": 1, "place": 0, "leaf": "00", "frames": {}},
        {"kind": [], "seal": 1, "place": {}},
    ]
    seals: list[Any] = [{"number": 1e400}, {"number": 1, "previous": "0" * 64}, {"number": "1"}, [], "x"]
    content = zipped(
        {
            "manifest.json": b'{"format": "lianjing-bundle-1", "files": {"seals.jsonl": []}}',
            "seals.jsonl": b"".join(json.dumps(row).encode() + b"\n" for row in seals) + b"[" * 100_000,
            "leaves.jsonl": b"".join(json.dumps(row).encode() + b"\n" for row in nasty) + b"\xff\n",
        }
    )
    status, page = sent(polly, content)
    assert (status, "✕ 证据包不成立" in page) == (200, True)


def test_a_head_that_is_none_is_told_and_nothing_is_checked(polly: Client, bundle: Path) -> None:  # noqa: F811
    status, page = sent(polly, packed(bundle), "9:abc")
    assert (status, "请写成 封存号:哈希" in page) == (422, True)
    assert polly.post(URL, {}).status_code == 422


def _known(sentence: str) -> str:
    return sentence.replace("{MANIFEST}", "manifest.json").replace("{stands}", "place 7 of seal 7")


def test_every_sentence_of_the_verifier_is_said_in_the_readers_words() -> None:
    source = Path(bundle_zip.__file__).with_name("bundle.py").read_text()
    written = re.findall(r'yield (?:\(\s*)?f"(.+?)"$', source, re.M)
    said = [fault_line(re.sub(r"\{.+?\}", "7", _known(sentence))) for sentence in written]
    assert len(said) >= len(SENTENCES)
    assert [line.original for line in said if not line.kind] == []
    told = fault_line(
        "frame 7 in journal commit 3 (leaves.jsonl line 9): it or its signals do not match its digest: altered"
    )
    assert (told.kind, told.place) == ("改动", "报文批次 3 报文 7 · leaves.jsonl 第 9 行")
    assert fault_line("something new").said == "something new"
