"""Finds the TOML data files that the folders of the house keep under ``data/``."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HOUSE = Path(__file__).resolve().parent.parent


def folders() -> Iterator[Path]:
    """Every folder of the house that has a ``data`` folder, in a stable order."""
    for data in sorted(HOUSE.glob("**/data")):
        yield data.parent


def read(path: Path) -> dict[str, Any]:
    """One TOML file as a dictionary.

    :raises ValueError: the file is not TOML; the message names it.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path}: {error}") from error


def read_all(name: str) -> dict[str, dict[str, Any]]:
    """The file of that name from each folder that has one, keyed by the folder's name."""
    found: dict[str, dict[str, Any]] = {}
    for folder in folders():
        if (folder / "data" / name).is_file():
            if folder.name in found:
                raise ValueError(f"{folder}: another folder of the house is called {folder.name} too")
            found[folder.name] = read(folder / "data" / name)
    return found
