"""Runs a command with ``DATABASE_URL`` pointing at a PostgreSQL cluster that lives only as long as the command.

    python tests/postgresql.py pytest tests

The cluster is made from the binaries of the distribution, with locale C.UTF-8, by an unprivileged user even when the
command runs as root. Where no binaries are installed this says so and ends well, except in CI.
"""

import contextlib
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path


def binaries() -> Path | None:
    """The folder that holds ``initdb`` and ``postgres``, the newest version first."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    return next((place for place in places if (place / "initdb").exists() and (place / "postgres").exists()), None)


def _user() -> dict[str, int]:
    if os.geteuid() != 0:
        return {}
    names = {one.pw_name: one for one in pwd.getpwall()}
    chosen = names.get("postgres") or names["nobody"]
    return {"user": chosen.pw_uid, "group": chosen.pw_gid}


@contextlib.contextmanager
def cluster(place: Path) -> Iterator[str]:
    """A running cluster with one database; gives its ``DATABASE_URL``."""
    user = _user()
    with tempfile.TemporaryDirectory(prefix="kansatsu-pg-") as name:
        folder = Path(name)
        if user:
            os.chown(folder, user["user"], user["group"])
        data, log = folder / "data", folder / "log"
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "cwd": folder, **user}
        options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off -c max_connections=60"
        subprocess.run(
            [place / "initdb", "-D", data, "-U", "kansatsu", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"],
            check=True,
            **quiet,
        )
        subprocess.run([place / "pg_ctl", "-D", data, "-l", log, "-w", "-o", options, "start"], check=True, **quiet)
        try:
            subprocess.run([place / "createdb", "-h", folder, "-U", "kansatsu", "kansatsu"], check=True, **quiet)
            yield f"postgresql://kansatsu@/kansatsu?host={folder}"
        finally:
            subprocess.run([place / "pg_ctl", "-D", data, "-m", "immediate", "stop"], check=True, **quiet)


def main(command: list[str]) -> int:
    """Run the command against a cluster and pass on its exit code."""
    place = binaries()
    if place is None:
        print("SKIPPED on PostgreSQL: no server binaries found; install Debian's postgresql package to run this.")
        return 1 if os.environ.get("CI") else 0
    with cluster(place) as url:
        env = os.environ | {
            "DATABASE_URL": url,
            "KANSATSU_ONLY_WITH_DATABASE": "1",
            "PATH": f"{place}{os.pathsep}{os.environ['PATH']}",
        }
        program = shutil.which(command[0]) or command[0]
        return subprocess.run([program, *command[1:]], env=env, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
