"""`kansatsu backup FILE` and `kansatsu restore FILE`: database and stored files in one archive.

SQLite is copied with its online backup, PostgreSQL with pg_dump; the portal may go on running while a backup is
taken. The archive gets its name only when it is whole. A restore is checked against the history's chain.
"""

import json
import os
import sqlite3
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

import click

from kansatsu import __version__
from kansatsu.cli import door
from kansatsu.core.problems import Problem
from kansatsu.core.refusals import Incomplete, WrongState

_MANIFEST, _DATABASE = "kansatsu.json", "database"


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@door.as_json
@door.refusals
def backup(file: Path, as_json: bool) -> None:
    """Write database and stored files into one archive."""
    door.start()
    from kansatsu.cli.serve import require_migrated
    from kansatsu.core.events import head

    require_migrated()
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
    if as_json:
        door.print_json({**manifest, "file": str(file), "files": files})
    else:
        click.echo(f"{file}: {end.number} events, {files} stored files")


def _write(whole: Path, folder: Path) -> int:
    from django.conf import settings

    root, count = Path(settings.FILES_ROOT), 0
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
    from kansatsu.core.events import Head, breaks

    make_folder()
    if not replace and _has_data():
        raise WrongState(Problem("cli.not_empty", where="DATABASE_URL"))
    with tempfile.TemporaryDirectory(prefix="kansatsu-restore-") as folder:
        manifest = _unpack(file, Path(folder))
        if manifest["engine"] != _engine():
            raise Incomplete(Problem("cli.other_engine", where="FILE", params={"engine": manifest["engine"]}))
        copy = Path(folder) / _DATABASE
        (_load_sqlite if manifest["engine"] == "sqlite" else _load_postgresql)(copy)
        files = _put_files(Path(folder) / "files")
    head = Head(manifest["head"]["number"], manifest["head"]["hash"])
    for one in breaks(head):
        params = {"number": one.number, "kind": one.kind}
        raise Incomplete(Problem("cli.chain_broken", where=str(one.number), params=params))
    if as_json:
        door.print_json({**manifest, "files": files})
    else:
        click.echo(f"Restored {head.number} events and {files} stored files; the chain holds.")


def _engine() -> str:
    from django.db import connection

    return connection.vendor


def _has_data() -> bool:
    from django.db import connection
    from django.db.utils import OperationalError

    try:
        return "accounts_person" in connection.introspection.table_names()
    except OperationalError:
        return False


def _unpack(file: Path, folder: Path) -> dict[str, Any]:
    try:
        with tarfile.open(file, "r:gz") as archive:
            for member in archive:
                parts = Path(member.name).parts
                known = member.name in (_MANIFEST, _DATABASE) or (len(parts) == 2 and parts[0] == "files")
                if not member.isfile() or not known:
                    raise _damaged(member.name)
                target = folder.joinpath(*parts)
                target.parent.mkdir(exist_ok=True)
                source = archive.extractfile(member)
                assert source is not None
                with target.open("wb") as out:
                    while chunk := source.read(2**20):
                        out.write(chunk)
        manifest: dict[str, Any] = json.loads((folder / _MANIFEST).read_text())
        if not {"engine", "head"} <= set(manifest) or not (folder / _DATABASE).exists():
            raise _damaged("manifest")
    except (tarfile.TarError, OSError, EOFError, ValueError) as error:
        raise _damaged(type(error).__name__) from error
    return manifest


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
    with sqlite3.connect(target) as copy:
        connection.connection.backup(copy)
    copy.close()


def _load_sqlite(source: Path) -> None:
    from django.db import connection

    connection.ensure_connection()
    with sqlite3.connect(source) as copy:
        copy.backup(connection.connection)
    copy.close()


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
