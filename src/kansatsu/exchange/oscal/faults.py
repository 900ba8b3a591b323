"""What can be wrong with an OSCAL document: a code, the place, and the values that the sentence mentions.

The sentences stand in ``data/problems.toml`` beside this file.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Code(StrEnum):
    """Everything that can be wrong; the value is the key of the sentence."""

    # The bytes are no plain document.
    TOO_LARGE = "too_large"
    TOOK_TOO_LONG = "took_too_long"
    NOT_UTF8 = "not_utf8"
    EMPTY = "empty"
    NOT_JSON = "not_json"
    NOT_YAML = "not_yaml"
    SEVERAL_DOCUMENTS = "several_documents"
    NOT_AN_OBJECT = "not_an_object"
    DUPLICATE_NAME = "duplicate_name"
    NAME_NOT_TEXT = "name_not_text"
    TOO_DEEP = "too_deep"
    ALIAS = "alias"
    TAG = "tag"
    NOT_FINITE = "not_finite"
    TOO_LONG_NUMBER = "too_long_number"
    BROKEN_CHARACTER = "broken_character"
    # The document is none of OSCAL, or another than was asked for.
    UNKNOWN_MODEL = "unknown_model"
    SEVERAL_MODELS = "several_models"
    OTHER_MODEL = "other_model"
    MODEL_OF_LATER_VERSION = "model_of_later_version"
    UNKNOWN_VERSION = "unknown_version"
    # A cell has not its form.
    MISSING = "missing"
    MISSING_CHOICE = "missing_choice"
    NOT_TOGETHER = "not_together"
    UNEXPECTED = "unexpected"
    WRONG_TYPE = "wrong_type"
    TOO_FEW = "too_few"
    TOO_SMALL = "too_small"
    NOT_IN_LIST = "not_in_list"
    NOT_A_TOKEN = "not_a_token"  # noqa: S105  (no password)
    NOT_A_UUID = "not_a_uuid"
    NOT_A_DATE_TIME = "not_a_date_time"
    NOT_A_DATE = "not_a_date"
    NOT_A_LINE = "not_a_line"
    NOT_A_URI = "not_a_uri"
    NOT_A_URI_REFERENCE = "not_a_uri_reference"
    NOT_AN_EMAIL_ADDRESS = "not_an_email_address"
    NOT_BASE64 = "not_base64"
    NOT_ALLOWED = "not_allowed"
    MORE = "more"
    # The cells do not fit each other.
    DUPLICATE_ID = "duplicate_id"
    DANGLING = "dangling"
    SELECTS_NOTHING = "selects_nothing"
    # A profile cannot be resolved.
    REMOTE = "remote"
    NOT_FOUND = "not_found"
    NO_READABLE_LINK = "no_readable_link"
    NOT_A_SOURCE = "not_a_source"
    UNKNOWN_CONTROL = "unknown_control"
    UNKNOWN_PLACE = "unknown_place"
    CIRCULAR = "circular"
    CHAIN_TOO_LONG = "chain_too_long"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong.

    :param pointer: JSON pointer (RFC 6901) of the cell; empty when it concerns the whole document. A cell of another
        file than the one asked about is ``file#pointer``.
    :param params: values that the sentence mentions.
    """

    code: Code
    pointer: str = ""
    params: Mapping[str, object] = field(default_factory=dict)


def pointer(*steps: str | int) -> str:
    """The JSON pointer of a cell by its way from the root."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in steps)


def shown(value: object) -> str:
    """A value for a sentence: short, and with line ends one can see."""
    text = str(value)[:81].replace("\r", "\\r").replace("\n", "\\n").replace("\t", "\\t")
    return text if len(text) <= 80 else f"{text[:79]}…"
