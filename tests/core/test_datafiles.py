"""The house finds its data files, and says which one cannot be read."""

import pytest

from kansatsu.core.datafiles import HOUSE, folders, read, read_all


def test_the_folders_with_data_come_in_a_stable_order():
    found = [folder.relative_to(HOUSE).as_posix() for folder in folders()]
    assert [name for name in found if name in {"core", "accounts", "assurance/register", "assurance/criteria"}] == [
        "accounts",
        "assurance/criteria",
        "assurance/register",
        "core",
    ]


def test_a_folder_without_data_is_left_out():
    assert HOUSE / "pages" not in set(folders())


def test_a_file_is_read_as_a_dictionary(tmp_path):
    path = tmp_path / "words.toml"
    path.write_text('[role.member]\nja = "担当者"\n', encoding="utf-8")
    assert read(path) == {"role": {"member": {"ja": "担当者"}}}


@pytest.mark.parametrize(
    "content",
    [b"[role", b'ja = "\x92S"', b"a = 1\na = 2"],
    ids=["not TOML", "not UTF-8", "a key twice"],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path, content):
    path = tmp_path / "words.toml"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"words\.toml: "):
        read(path)


def test_only_folders_that_have_the_file_are_read():
    found = read_all("letters.toml")
    assert "accounts" in found and "core" not in found
    assert found["accounts"]["invited"]["en"]["subject"] == "[Kansatsu] Invitation to {organisation}"
