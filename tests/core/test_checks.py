"""The program does not start on data files that are not right; tried on a copy of the house with spoiled files."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kansatsu.core.checks import data_files
from kansatsu.core.datafiles import HOUSE


def checked(house: Path) -> subprocess.CompletedProcess[str]:
    """What ``check`` says in that copy of the house."""
    var = house.parent / "var"
    env = os.environ | {
        "PYTHONPATH": str(house.parent),
        "DJANGO_SETTINGS_MODULE": "kansatsu.settings",
        "DATABASE_URL": f"sqlite:///{var / 'kansatsu.sqlite3'}",
        "KANSATSU_VAR": str(var),
        "KANSATSU_MODE": "development",
    }
    command = [sys.executable, "-P", "-m", "django", "check"]
    return subprocess.run(command, env=env, cwd=house.parent, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path):
    leave_out = shutil.ignore_patterns("__pycache__", "static", "locale")
    return Path(shutil.copytree(HOUSE, tmp_path / "kansatsu", ignore=leave_out))


def test_the_files_of_the_house_are_right():
    assert data_files(None) == []


def test_every_spoiled_file_is_named_at_the_start(copy):
    rules, problems, words = (
        copy / "accounts" / "data" / name for name in ("rules.toml", "problems.toml", "words.toml")
    )
    rules.write_text(rules.read_text("utf-8").replace("valid_from = 2020-01-01", 'valid_from = "soon"', 1), "utf-8")
    problems.write_text(problems.read_text("utf-8") + '\n[odd]\nja = "変"\nen = "odd"\nremedy_ja = "直す"\n', "utf-8")
    words.write_text(words.read_text("utf-8") + '\n[role.captain]\nja = "船長"\n', "utf-8")
    said = checked(copy)
    assert said.returncode == 1
    assert "(kansatsu.E001)" in said.stderr
    assert "accounts/data/rules.toml: rule 'password': valid_from is missing or not a date" in said.stderr
    assert "HINT: Mend the entry in that file." in said.stderr
    assert "(kansatsu.E002) problem accounts.odd lacks ['remedy_en']" in said.stderr
    assert "(kansatsu.E003) word accounts.role.captain lacks a language" in said.stderr
    assert "3 issues" in said.stderr


def test_two_folders_of_one_name_are_told_apart_before_the_start(copy):
    second = copy / "assurance" / "accounts" / "data"
    second.mkdir(parents=True)
    (second / "words.toml").write_text('[role.captain]\nja = "船長"\nen = "Captain"\n', "utf-8")
    said = checked(copy)
    assert said.returncode == 1
    assert "assurance/accounts: another folder of the house is called accounts too" in said.stderr
