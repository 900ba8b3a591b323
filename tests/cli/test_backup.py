"""`kansatsu backup` and `kansatsu restore`: what comes back is what was there, or nothing is touched."""

import io
import json
import stat
import tarfile

import pytest
from tests.cli.program import ON_POSTGRESQL, until

ENGINE = "postgresql" if ON_POSTGRESQL else "sqlite"


@pytest.fixture(scope="module")
def source(new_installation, filled_template, tmp_path_factory):
    """An installation that was backed up: itself, its archive, and what the program said."""
    one = new_installation(filled_template)
    archive = tmp_path_factory.mktemp("backup") / "kansatsu.backup"
    return one, archive, one.run("backup", archive, "--json")


@pytest.fixture
def archive(source):
    return source[1]


def rewritten(archive, target, **changes):
    """Another archive with the members of the first, some of them changed or (``None``) left out."""
    with tarfile.open(archive) as old, tarfile.open(target, "w:gz") as new:
        members = {member.name: old.extractfile(member).read() for member in old}
        members |= changes
        for name, content in members.items():
            if content is not None:
                member = tarfile.TarInfo(name)
                member.size = len(content)
                new.addfile(member, io.BytesIO(content))
    return target


def manifest(archive, **changes):
    """The archive's manifest, with changes."""
    with tarfile.open(archive) as members:
        return json.dumps(json.load(members.extractfile("kansatsu.json")) | changes).encode()


# --- backup ---


def test_a_backup_says_what_it_holds(source):
    one, archive, done = source
    [(number, digest)] = one.sql("SELECT number, hash FROM core_event ORDER BY number DESC LIMIT 1")

    assert done.code == 0
    assert done.json == {
        "kansatsu": "0.1.0",
        "engine": ENGINE,
        "head": {"number": number, "hash": digest},
        "file": str(archive),
        "files": 1,
    }


def test_only_its_owner_can_read_a_backup(archive):
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600


def test_a_backup_leaves_nothing_beside_it(archive):
    assert [path.name for path in archive.parent.iterdir()] == ["kansatsu.backup"]


def test_a_backup_taken_in_the_middle_of_another_s_act_holds_what_was_there_before(filled, bare, tmp_path):
    before = filled.content()
    with filled.database() as cursor:
        cursor.execute("BEGIN" if ON_POSTGRESQL else "BEGIN IMMEDIATE")
        cursor.execute("UPDATE core_event SET actor = 'nobody'")
        done = filled.run("backup", tmp_path / "backup")
        cursor.execute("ROLLBACK")
    bare.run("restore", tmp_path / "backup")

    assert done.code == 0
    assert done.out.endswith(" events, 1 stored files\n")
    assert bare.content() == before


def test_a_backup_killed_half_way_leaves_the_one_before_it(filled, tmp_path):
    (tmp_path / "backup").write_bytes(b"the one before")
    large = filled.var / "files" / "00" / "00" / ("0" * 64)
    large.parent.mkdir(parents=True)
    with large.open("wb") as file:
        file.truncate(8 * 2**30)
    with filled.running("backup", tmp_path / "backup") as program:
        until(lambda: any(part.stat().st_size for part in tmp_path.glob("kansatsu-backup-*/whole")))
        program.kill()
        program.wait()

    assert program.returncode == -9
    assert (tmp_path / "backup").read_bytes() == b"the one before"


def test_a_place_that_cannot_be_written_is_refused(migrated, tmp_path):
    (tmp_path / "folder").mkdir()
    done = migrated.run("backup", tmp_path / "folder", "--json")

    assert done.code == 3
    assert [(one["code"], one["where"]) for one in done.json["problems"]] == [("cli.unwritable", "FILE")]
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_there_is_nothing_to_back_up_where_nobody_set_up(bare, tmp_path):
    done = bare.run("backup", tmp_path / "backup")

    assert done.code == 5
    assert list(tmp_path.iterdir()) == []


# --- restore ---


def test_a_restore_brings_everything_back_the_chain_holds_and_work_goes_on(source, bare):
    one, archive, said = source
    head = said.json["head"]
    done = bare.run("restore", archive)

    assert done.code == 0
    assert done.out == f"Restored {head['number']} events and 1 stored files; the chain holds.\n"
    assert bare.content() == one.content()
    assert bare.files() == one.files()
    assert list(bare.files()) == ["/".join((one.ids["sha256"][:2], one.ids["sha256"][2:4], one.ids["sha256"]))]
    assert bare.run("sweep").out.startswith("C21-0008-2")
    assert bare.run("events", "verify", "--head", f"{head['number']}:{head['hash']}").code == 0


def test_a_restore_does_not_overwrite_data(archive, migrated):
    before = migrated.content()
    done = migrated.run("restore", archive, "--json")

    assert done.code == 5
    assert done.codes == ["cli.not_empty"]
    assert migrated.content() == before
    assert migrated.files() == {}


def test_a_restore_overwrites_data_when_told_to(source, migrated):
    one, archive, said = source
    done = migrated.run("restore", archive, "--replace", "--json")

    assert done.code == 0
    assert done.json == {"engine": ENGINE, "head": said.json["head"], "files": 1}
    assert migrated.content() == one.content()
    assert migrated.files() == one.files()


def test_a_chain_that_does_not_hold_is_told_break_by_break(filled, bare, tmp_path):
    filled.sql("UPDATE core_event SET actor = '別人' WHERE number IN (4, 9)")
    filled.run("backup", tmp_path / "backup")
    done = bare.run("restore", tmp_path / "backup", "--json")

    assert done.code == 3
    assert [(one["code"], one["where"]) for one in done.json["problems"]] == [
        ("cli.chain_broken", "4"),
        ("cli.chain_broken", "9"),
    ]
    assert ON_POSTGRESQL or not bare.var.exists()


def _half(archive, target):
    target.write_bytes(archive.read_bytes()[: archive.stat().st_size // 2])


def _one_bit(archive, target):
    content = bytearray(archive.read_bytes())
    content[len(content) // 2] ^= 0x10
    target.write_bytes(content)


def _wrong_checksum(archive, target):
    content = bytearray(archive.read_bytes())
    content[-8] ^= 0x01
    target.write_bytes(content)


def _a_letter(archive, target):
    target.write_text("拝啓 " * 1000)


def _a_link(archive, target):
    with tarfile.open(target, "w:gz") as new:
        member = tarfile.TarInfo(f"files/{'0' * 64}")
        member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
        new.addfile(member)


def _no_database(archive, target):
    rewritten(archive, target, database=None)


def _no_head(archive, target):
    rewritten(archive, target, **{"kansatsu.json": manifest(archive, head={})})


def _another_file_s_content(archive, target):
    rewritten(archive, target, **{f"files/{'0' * 64}": b"%PDF-1.7 forged"})


@pytest.mark.parametrize(
    "damage",
    [
        _half,
        _one_bit,
        _wrong_checksum,
        _a_letter,
        _a_link,
        _no_database,
        _no_head,
        _another_file_s_content,
    ],
)
def test_what_is_damaged_or_no_backup_changes_nothing(archive, bare, tmp_path, damage):
    damage(archive, tmp_path / "damaged")
    done = bare.run("restore", tmp_path / "damaged", "--json")

    assert done.code == 3
    assert [(one["code"], one["where"]) for one in done.json["problems"]] == [("cli.not_a_backup", "FILE")]
    assert not bare.var.exists()
    assert not ON_POSTGRESQL or bare.content() == {}


def test_a_database_that_is_none_changes_nothing(archive, migrated, tmp_path):
    before = migrated.content()
    rewritten(archive, tmp_path / "damaged", database="拝啓 ".encode() * 1000)
    done = migrated.run("restore", tmp_path / "damaged", "--replace", "--json")

    assert done.code == 3
    assert done.codes == ["cli.tool_failed" if ON_POSTGRESQL else "cli.not_a_backup"]
    assert migrated.content() == before


def test_a_file_that_is_not_there_changes_nothing(bare, tmp_path):
    done = bare.run("restore", tmp_path / "missing")

    assert done.code == 3
    assert "No such file or directory" in done.err
    assert not bare.var.exists()


def test_a_backup_of_another_kind_of_database_is_refused_by_its_name(archive, bare, tmp_path):
    rewritten(archive, tmp_path / "other", **{"kansatsu.json": manifest(archive, engine="oracle")})
    done = bare.run("restore", tmp_path / "other", "--json")

    assert done.code == 3
    assert done.codes == ["cli.other_engine"]
    assert done.json["problems"][0]["message"] == "This backup was made from oracle."


@pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite needs no program of its own")
def test_without_postgresql_s_programs_there_is_no_backup(migrated, tmp_path):
    done = migrated.run("backup", tmp_path / "backup", "--json", PATH=str(tmp_path))

    assert done.code == 3
    assert done.codes == ["cli.tool_failed"]
    assert done.json["problems"][0]["message"] == "pg_dump failed (not installed)."
    assert list(tmp_path.iterdir()) == []
