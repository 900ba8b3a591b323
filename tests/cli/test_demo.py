"""`kansatsu demo` serves a sample world that is whole, and never takes one that was interrupted for whole."""

import os
import re
import shutil
import signal
from datetime import date

import pytest
from tests.cli.program import ON_POSTGRESQL, ROOT, answers, get, until

pytestmark = pytest.mark.skipif(ON_POSTGRESQL, reason="the sample world is always an SQLite file")


@pytest.fixture
def built(filled):
    """Today's world, built before; that it is a small one nobody can tell."""
    folder = filled.var / "demo"
    folder.mkdir()
    shutil.copy(filled.var / "kansatsu.sqlite3", folder / "demo.sqlite3")
    (folder / "built-on").write_text(date.today().isoformat())
    return filled


def test_it_serves_today_s_world_says_who_can_sign_in_and_ends_with_ctrl_c(built, port):
    with built.running("demo", "--port", str(port), LANG="ja_JP.UTF-8") as demo:
        until(lambda: answers(port))
        page = get(port, "/register/")[2]
        os.killpg(demo.pid, signal.SIGINT)
        said, _ = demo.communicate(timeout=60)

    assert "あおぞら基盤" in page
    assert f"http://127.0.0.1:{port}/" in said
    assert "パスワードは全員 mikan-to-yama-no-asa" in said
    assert re.search(r"運用支援機関 +reviewer@sample\.example, reviewer2@sample\.example", said)
    assert demo.returncode == 0
    assert not answers(port)


def test_today_s_world_is_not_built_again(built):
    before = (built.var / "demo" / "demo.sqlite3").stat()
    done = built.run("demo", "--build-only")
    after = (built.var / "demo" / "demo.sqlite3").stat()

    assert (done.code, done.out) == (0, "")
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_world_older_than_the_newest_migration_is_built_anew(built):
    folder = built.var / "demo"
    newest = max(path.stat().st_mtime for path in (ROOT / "src" / "kansatsu").glob("**/migrations/0*.py"))
    os.utime(folder / "built-on", (newest - 1, newest - 1))
    with built.running("demo", "--build-only") as demo:
        until((folder / "building.sqlite3").exists)
        os.killpg(demo.pid, signal.SIGKILL)
        demo.wait(timeout=30)

    assert not (folder / "built-on").exists()
    assert (folder / "building.sqlite3").exists()


def test_a_world_as_new_as_the_newest_migration_is_kept(built):
    folder = built.var / "demo"
    newest = max(path.stat().st_mtime for path in (ROOT / "src" / "kansatsu").glob("**/migrations/0*.py"))
    os.utime(folder / "built-on", (newest, newest))
    before = (folder / "demo.sqlite3").stat().st_ino

    assert built.run("demo", "--build-only").code == 0
    assert (folder / "demo.sqlite3").stat().st_ino == before


def test_a_world_whose_building_was_interrupted_is_not_there(built):
    folder = built.var / "demo"
    (folder / "built-on").write_text("2001-01-01")
    with built.running("demo", "--build-only") as demo:
        until((folder / "building.sqlite3").exists)
        os.killpg(demo.pid, signal.SIGKILL)
        demo.wait(timeout=30)

    assert not (folder / "demo.sqlite3").exists()
    assert not (folder / "built-on").exists()
