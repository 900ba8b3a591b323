"""`kansatsu backup FILE` and `kansatsu restore FILE`: database and stored files in one archive.

SQLite is copied with its online backup, PostgreSQL with pg_dump; the portal may go on running while a backup is
taken. The archive gets its name only when it is whole. A restore is checked against the history's chain:
with SQLite before anything is overwritten, with PostgreSQL afterwards.
"""

import gzip
import hashlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
import zlib
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kansatsu import __version__
from kansatsu.cli import door
from kansatsu.core.problems import Problem
from kansatsu.core.refusals import Incomplete, WrongState

if TYPE_CHECKING:
    from kansatsu.core.events import Head

if TYPE_CHECKING:
    from kansatsu.core.events import Head

_MANIFEST, _DATABASE = "kansatsu.json", "database"
_STORED_FILE = re.compile(r"files/([0-9a-f]{64})")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@door.as_json
@door.refusals
def backup(file: Path, as_json: bool) -> None:
    """Write database and stored files into one archive, which only its owner can read."""
    door.start()
    from kansatsu.core.events import head

    door.require_migrated()
    try:
        with tempfile.TemporaryDirectory(prefix="kansatsu-backup-", dir=file.absolute().parent) as folder:
            copy = Path(folder) / _DATABASE
            engine = _engine()
            end = head()
            (_copy_sqlite if engine == "sqlite" else _dump_postgresql)(copy)
            manifest = {"kansatsu": __version__, "engine": engine, "head": {"number": end.number, "hash": end.hash}}
            (Path(folder) / _MANIFEST).write_text(json.dumps(manifest))
            whole = Path(folder) / "whole"
            files = _write(whole, Path(folder))
            whole.replace(file)
    except OSError as error:
        raise Incomplete(Problem("cli.unwritable", where="FILE", params={"reason": str(error)})) from error
    if as_json:
        door.print_json({**manifest, "file": str(file), "files": files})
    else:
        click.echo(f"{file}: {end.number} events, {files} stored files")


def _write(whole: Path, folder: Path) -> int:
    from django.conf import settings

    root, count = Path(settings.FILES_ROOT), 0
    whole.touch(mode=0o600)
    with tarfile.open(whole, "w:gz", compresslevel=3) as archive:
        archive.add(folder / _MANIFEST, _MANIFEST)
        archive.add(folder / _DATABASE, _DATABASE)
        for path in sorted(root.glob("??/??/*")):
            archive.add(path, f"files/{path.name}")
            count += 1
    return count


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Overwrite what is in the target. Stop the portal first.")
@door.as_json
@door.refusals
def restore(file: Path, replace: bool, as_json: bool) -> None:
    """Bring an archive back into the database of DATABASE_URL and into the folder of stored files."""
    door.start()
    from kansatsu.cli.migrate import make_folder

    if not replace and _has_data():
        raise WrongState(Problem("cli.not_empty", where="DATABASE_URL"))
    with tempfile.TemporaryDirectory(prefix="kansatsu-restore-") as folder:
        engine, head = _unpack(file, Path(folder))
        if engine != _engine():
            raise Incomplete(Problem("cli.other_engine", where="FILE", params={"engine": engine}))
        if engine == "sqlite":
            _require_whole(Path(folder) / _DATABASE, head)
        make_folder()
        (_load_sqlite if engine == "sqlite" else _load_postgresql)(Path(folder) / _DATABASE)
        files = _put_files(Path(folder) / "files")
    _require_chain(head)
    if as_json:
        door.print_json({"engine": engine, "head": {"number": head.number, "hash": head.hash}, "files": files})
    else:
        click.echo(f"Restored {head.number} events and {files} stored files; the chain holds.")


def _require_whole(copy: Path, head: "Head") -> None:
    """Look at an SQLite copy's chain before anything of the target is overwritten."""
    from django.db import connections
    from django.db.utils import DatabaseError

    connections.databases["incoming"] = {**connections.databases["default"], "NAME": str(copy)}
    try:
        _require_chain(head, using="incoming")
    except DatabaseError as error:  # it is no database, or none of ours
        raise _damaged(str(error)) from error
    finally:
        connections["incoming"].close()
        del connections.databases["incoming"]


def _require_chain(head: "Head", using: str = "default") -> None:
    from kansatsu.core.events import breaks

    broken = [
        Problem("cli.chain_broken", where=str(one.number), params={"number": one.number, "kind": one.kind})
        for one in breaks(head, using=using)
    ]
    if broken:
        raise Incomplete(broken)


def _engine() -> str:
    from django.db import connection

    return connection.vendor


def _has_data() -> bool:
    from django.db import connection

    if not door.has_database_file():
        return False
    door.require_reachable()
    return "accounts_person" in connection.introspection.table_names()


def _unpack(file: Path, folder: Path) -> "tuple[str, Head]":
    """Unpack the archive and check all of it: its checksum, its members, each stored file's content.

    :return: the engine it was made from, and the end of the chain when it was made.
    :raises Incomplete: it is no backup, or damaged.
    """
    from kansatsu.core.events import Head

    try:
        (folder / "files").mkdir()
        with gzip.open(file) as stream:
            with tarfile.open(fileobj=stream, mode="r|") as archive:
                for member in archive:
                    _unpack_one(archive, member, folder)
            while stream.read(2**20):  # the checksum stands at the very end
                pass
        manifest = json.loads((folder / _MANIFEST).read_text())
        if not (folder / _DATABASE).exists():
            raise _damaged(_DATABASE)
        return str(manifest["engine"]), Head(int(manifest["head"]["number"]), str(manifest["head"]["hash"]))
    except (tarfile.TarError, zlib.error, OSError, EOFError, ValueError, TypeError, KeyError) as error:
        raise _damaged(f"{type(error).__name__}: {error}") from error


def _unpack_one(archive: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    stored = _STORED_FILE.fullmatch(member.name)
    if not member.isfile() or not (stored or member.name in (_MANIFEST, _DATABASE)):
        raise _damaged(member.name)
    target, source = folder / member.name, archive.extractfile(member)
    assert source is not None
    with target.open("wb") as out:
        shutil.copyfileobj(source, out, 2**20)
    if stored:
        with target.open("rb") as content:
            if hashlib.file_digest(content, "sha256").hexdigest() != stored[1]:
                raise _damaged(member.name)


def _damaged(reason: str) -> Incomplete:
    return Incomplete(Problem("cli.not_a_backup", where="FILE", params={"reason": reason}))


def _put_files(folder: Path) -> int:
    from kansatsu.core.files import path_of

    count = 0
    for path in sorted(folder.glob("*")):
        target = path_of(path.name)
        target.parent.mkdir(parents=True, exist_ok=True)
        incoming = target.with_suffix(".incoming")
        incoming.write_bytes(path.read_bytes())
        incoming.replace(target)
        count += 1
    return count


def _copy_sqlite(target: Path) -> None:
    from django.db import connection

    connection.ensure_connection()
    with closing(sqlite3.connect(target)) as copy:
        connection.connection.backup(copy)


def _load_sqlite(source: Path) -> None:
    from django.db import connection

    connection.ensure_connection()
    with closing(sqlite3.connect(source)) as copy:
        copy.backup(connection.connection)


def _dump_postgresql(target: Path) -> None:
    _run_tool("pg_dump", ["--format=custom", "--no-owner", f"--file={target}"])


def _load_postgresql(source: Path) -> None:
    from django.db import connection

    name = connection.settings_dict["NAME"]
    options = ["--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error"]
    _run_tool("pg_restore", [*options, f"--dbname={name}", str(source)])


def _run_tool(tool: str, arguments: list[str]) -> None:
    from django.db import connection

    settings = connection.settings_dict
    host = settings["HOST"] or settings["OPTIONS"].get("host", "")
    given = {
        "PGHOST": host, "PGPORT": settings["PORT"], "PGUSER": settings["USER"],
        "PGPASSWORD": settings["PASSWORD"], "PGDATABASE": settings["NAME"],
    }  # fmt: skip
    connection.close()
    env = os.environ | {name: str(value) for name, value in given.items() if value}
    try:
        done = subprocess.run([tool, *arguments], env=env, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise Incomplete(Problem("cli.tool_failed", params={"tool": tool, "reason": "not installed"})) from error
    if done.returncode != 0:
        reason = done.stderr.strip().splitlines()[-1] if done.stderr.strip() else str(done.returncode)
        raise Incomplete(Problem("cli.tool_failed", params={"tool": tool, "reason": reason}))
