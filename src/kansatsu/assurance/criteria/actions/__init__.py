"""The acts of the criteria: on editions, on comments, on mapping sets."""

from kansatsu.assurance.criteria.actions.comments import answer, comment, retract
from kansatsu.assurance.criteria.actions.editions import (
    classify,
    consult,
    discard,
    end_consultation,
    import_edition,
    install,
    publish,
    replace,
)
from kansatsu.assurance.criteria.actions.mapping_sets import install_mapping, load_mapping, withdraw_mapping
from kansatsu.assurance.criteria.actions.originals import Original, Upload, keep_original

__all__ = [
    "Original",
    "Upload",
    "answer",
    "classify",
    "comment",
    "consult",
    "discard",
    "end_consultation",
    "import_edition",
    "install",
    "install_mapping",
    "keep_original",
    "load_mapping",
    "publish",
    "replace",
    "retract",
    "withdraw_mapping",
]
