"""One thing has one word, in two languages."""

import pytest

from kansatsu.core.words import all_words, word


@pytest.mark.parametrize(
    ("key", "language", "expected"),
    [
        ("accounts.kind.audit_body", "ja", "監査機関"),
        ("accounts.kind.audit_body", "ja-jp", "監査機関"),
        ("accounts.kind.audit_body", "en", "Audit body"),
        ("accounts.kind.audit_body", "de", "Audit body"),
        ("accounts.act.leave", "ja", "離任"),
    ],
)
def test_a_word_in_the_readers_language(key, language, expected):
    assert word(key, language) == expected


def test_a_missing_word_is_never_the_bare_value():
    with pytest.raises(KeyError, match=r"accounts\.role\.captain"):
        word("accounts.role.captain", "ja")


def test_words_are_keyed_by_folder_group_and_value():
    assert all_words()["accounts.role.member"] == {"ja": "担当者", "en": "Member"}
