"""Stored files: streamed to their place, named and typed by their content, and never half-written."""

import hashlib
import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as trials
from hypothesis import strategies as st

from kansatsu.core.files import open_stored, path_of, store
from kansatsu.core.models import StoredFile
from kansatsu.core.problems import Problem
from kansatsu.core.refusals import Incomplete

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(40)
JFIF = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + bytes(40) + b"\xff\xd9"
EXIF = b"\xff\xd8\xff\xe1\x00\x10Exif\x00\x00" + bytes(40) + b"\xff\xd9"
ALL = frozenset({".pdf", ".xlsx", ".docx", ".png", ".jpg"})
OFFICE = "application/vnd.openxmlformats-officedocument."


def archive(*names):
    with io.BytesIO() as target:
        with zipfile.ZipFile(target, "w") as packed:
            for name in names:
                packed.writestr(name, "<x/>")
        return target.getvalue()


def damaged(content, sign, offset, value):
    """The content with one byte changed, counted from the last place where the sign stands."""
    place = content.rindex(sign) + offset
    return content[:place] + bytes([value]) + content[place + 1 :]


def docx():
    return archive("[Content_Types].xml", "_rels/.rels", "word/document.xml")


def xlsx():
    return archive("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml")


@pytest.fixture
def keep(db, noon):
    def run(content, name="report", kinds=ALL):
        chunks = [content] if isinstance(content, bytes) else content
        return store(chunks, name, now=noon, where="report", kinds=kinds)

    return run


@pytest.fixture
def lying(settings):
    """All files that lie in the house's folder now."""
    root = Path(settings.FILES_ROOT)
    return lambda: sorted(path for path in root.rglob("*") if path.is_file())


def refused(caught):
    return [(problem.code, problem.where, dict(problem.params)) for problem in caught.value.problems]


def test_a_file_lies_under_the_name_of_its_content(keep, lying, settings):
    row = keep(PDF, "報告書.pdf")
    digest = hashlib.sha256(PDF).hexdigest()
    assert (row.sha256, row.size, row.content_type, row.name) == (digest, len(PDF), "application/pdf", "報告書.pdf")
    assert lying() == [Path(settings.FILES_ROOT) / digest[:2] / digest[2:4] / digest]
    assert path_of(digest).read_bytes() == PDF


def test_the_row_is_saved_with_its_moment(keep, noon):
    row = StoredFile.objects.get(pk=keep(PDF, "報告書.pdf").pk)
    assert row.stored_at == noon
    assert str(row) == "報告書.pdf"


def test_a_file_may_come_in_many_pieces(keep):
    row = keep(iter([PDF[:1], PDF[1:7], b"", PDF[7:]]))
    assert (row.sha256, row.size) == (hashlib.sha256(PDF).hexdigest(), len(PDF))


def test_a_stored_file_is_opened_for_streaming_out(keep):
    with open_stored(keep(PDF)) as content:
        assert content.read() == PDF


def test_one_content_given_twice_lies_there_once(keep, lying):
    first, second = keep(PDF, "a.pdf"), keep(PDF, "b.pdf")
    assert first.pk != second.pk
    assert (first.name, second.name) == ("a.pdf", "b.pdf")
    assert len(lying()) == 1


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (PDF, "application/pdf"),
        (PNG, "image/png"),
        (JFIF, "image/jpeg"),
        (EXIF, "image/jpeg"),
        (docx(), OFFICE + "wordprocessingml.document"),
    ],
    ids=["pdf", "png", "jpg", "jpg of a camera", "docx"],
)
def test_the_type_is_told_by_the_content_and_not_by_the_name(keep, content, expected):
    assert keep(content, "movie.exe").content_type == expected


def test_a_workbook_alone_is_taken_for_a_workbook(keep):
    assert keep(xlsx(), kinds=frozenset({".pdf", ".xlsx"})).content_type == OFFICE + "spreadsheetml.sheet"


def test_a_workbook_among_office_kinds_is_taken_for_a_workbook(keep):
    assert keep(xlsx(), kinds=frozenset({".docx", ".xlsx"})).content_type == OFFICE + "spreadsheetml.sheet"


@pytest.mark.parametrize(
    ("content", "kinds"),
    [
        (archive("notes.txt"), {".docx", ".xlsx"}),
        (archive("META-INF/MANIFEST.MF", "Main.class"), {".docx"}),
        (docx(), {".xlsx"}),
        (xlsx(), {".docx"}),
        (b"PK\x03\x04 and nothing else", {".docx"}),
        (docx()[:-30], {".docx"}),
        (damaged(docx(), b"PK\x01\x02", 6, 255), {".docx"}),
        (damaged(archive("word/document.xml", "本文.xml"), "本文".encode(), 0, 255), {".docx"}),
    ],
    ids=["an archive", "a program", "a text for a workbook", "a workbook for a text", "nothing behind the beginning",
         "cut off", "of a version to come", "a part with a broken name"],
)  # fmt: skip
def test_an_archive_that_is_not_such_a_document_is_refused(keep, lying, content, kinds):
    with pytest.raises(Incomplete) as caught:
        keep(content, "report.docx", frozenset(kinds))
    assert [problem.code for problem in caught.value.problems] == ["core.file_kind"]
    assert lying() == []


@pytest.mark.parametrize(
    "content",
    [
        b"hello, I am a text",
        b"x",
        "本文だけのファイル".encode(),
        b"<!DOCTYPE html><html><script>alert(1)</script></html>",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"MZ" + bytes(200),
        b"GIF89a" + bytes(40),
        b"<html>%PDF-1.7</html>",
        bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600),
        archive(),
    ],
    ids=["text", "one letter", "Japanese text", "html", "svg", "exe", "gif", "html with a pdf in it", "old office",
         "empty archive"],
)  # fmt: skip
def test_a_content_of_another_kind_is_refused_whatever_its_name(keep, lying, content):
    with pytest.raises(Incomplete) as caught:
        keep(content, "report.pdf")
    assert refused(caught) == [("core.file_kind", "report", {"kinds": ".docx, .jpg, .pdf, .png, .xlsx"})]
    assert lying() == []
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize(
    "content",
    [
        "番号,内容\r\n5.1.1,方針\r\n".encode("utf-8-sig"),
        "番号,内容\r\n5.1.1,方針\r\n".encode("cp932"),
        b'{"catalog": {}}',
        b"x",
        b"MZ and nothing that is no text",
    ],
    ids=["utf-8", "cp932", "json", "one letter", "whatever its beginning"],
)
def test_text_is_taken_where_text_is_wanted_whatever_its_encoding(keep, content):
    assert keep(content, "table.csv", frozenset({".txt", ".xlsx"})).content_type == "text/plain"


def test_a_workbook_is_no_text(keep):
    assert keep(xlsx(), kinds=frozenset({".txt", ".xlsx"})).content_type == OFFICE + "spreadsheetml.sheet"


@pytest.mark.parametrize(
    "content",
    [
        "番号,内容".encode("utf-16"),
        PNG,
        bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600),
        b"a" * 2**20 + b"\0",
        docx(),
    ],
    ids=["utf-16", "png", "old office", "a zero byte far behind", "docx"],
)
def test_what_holds_a_zero_byte_is_no_text(keep, lying, content):
    with pytest.raises(Incomplete) as caught:
        keep(content, "table.csv", frozenset({".txt", ".xlsx"}))
    assert refused(caught) == [("core.file_kind", "report", {"kinds": ".txt, .xlsx"})]
    assert lying() == []


@trials(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    head=st.sampled_from(
        [b"", PDF[:5], PNG[:8], JFIF[:4], docx()[:30], b"PK\x05\x06", b"<?xml ", b"RIFF", b"\x1f\x8b"]
    ),
    rest=st.binary(min_size=1, max_size=200),
)
def test_whatever_comes_in_is_either_stored_or_refused(keep, lying, head, rest):
    before = lying()
    try:
        row = keep(head + rest)
    except Incomplete:
        assert lying() == before
    else:
        assert path_of(row.sha256).read_bytes() == head + rest


@pytest.mark.parametrize(("content", "kinds"), [(PDF, {".png"}), (PNG, {".jpg"}), (JFIF, {".pdf", ".png"})])
def test_a_kind_that_is_not_accepted_here_is_refused(keep, content, kinds):
    with pytest.raises(Incomplete) as caught:
        keep(content, "report.pdf", frozenset(kinds))
    assert [problem.code for problem in caught.value.problems] == ["core.file_kind"]


@pytest.mark.parametrize("chunks", [[], [b""], [b"", b""]], ids=["no piece", "an empty piece", "empty pieces"])
def test_an_empty_file_is_refused(keep, lying, chunks):
    with pytest.raises(Incomplete) as caught:
        keep(chunks)
    assert caught.value.problems == (Problem("core.file_empty", "report"),)
    assert lying() == []


def test_a_file_of_exactly_the_limit_is_taken(keep, settings):
    settings.FILE_LIMIT = 2**20
    assert keep([PDF, bytes(2**20 - len(PDF))]).size == 1048576


def test_a_file_of_one_byte_more_is_refused(keep, settings, lying):
    settings.FILE_LIMIT = 2**20
    with pytest.raises(Incomplete) as caught:
        keep([PDF, bytes(2**20 - len(PDF) + 1)])
    assert refused(caught) == [("core.file_too_large", "report", {"limit_mib": 1})]
    assert lying() == []
    assert not StoredFile.objects.exists()


def test_a_file_that_is_too_large_is_not_read_to_its_end(keep, settings):
    settings.FILE_LIMIT = 2**20
    read = []

    def endless():
        while True:
            read.append(2**19)
            yield bytes(2**19)

    with pytest.raises(Incomplete):
        keep(endless())
    assert len(read) == 3


def test_an_upload_that_breaks_off_leaves_nothing_behind(keep, lying):
    def broken():
        yield PDF
        raise ConnectionResetError("gone")

    with pytest.raises(ConnectionResetError):
        keep(broken())
    assert lying() == []
    assert not StoredFile.objects.exists()


def test_while_a_file_comes_in_nothing_lies_under_its_final_name(keep, lying):
    final = path_of(hashlib.sha256(PDF).hexdigest())
    seen = []

    def slow():
        yield PDF[:10]
        seen.append((final.exists(), [path.name.startswith(".incoming-") for path in lying()]))
        yield PDF[10:]

    keep(slow())
    assert seen == [(False, [True])]
    assert lying() == [final]


def test_a_broken_upload_of_a_known_content_leaves_the_known_file_alone(keep, lying):
    known = keep(PDF)

    def broken():
        yield PDF
        raise ConnectionResetError("gone")

    with pytest.raises(ConnectionResetError):
        keep(broken())
    assert lying() == [path_of(known.sha256)]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("報告書.pdf", "報告書.pdf"),
        ("C:\\Users\\mio\\報告書.pdf", "報告書.pdf"),
        ("../../etc/passwd", "passwd"),
        ("a\x00b\r\n.pdf", "ab.pdf"),
        ("report\u202efdp.exe", "reportfdp.exe"),
        ("  report.pdf ", "report.pdf"),
        ("", "file"),
        ("/", "file"),
        ("\n", "file"),
        ("長" * 300, "長" * 255),
    ],
)
def test_a_name_is_kept_without_folders_and_without_what_cannot_be_seen(keep, given, kept):
    assert keep(PDF, given).name == kept
