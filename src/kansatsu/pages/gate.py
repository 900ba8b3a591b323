"""Every page names who may open it; one that names nobody is refused (deny by default)."""

from collections.abc import Callable
from typing import Any, TypeVar

V = TypeVar("V", bound=Callable[..., Any])

OPEN, SIGNED_IN = "open", "signed in"


def open_to_all(view: V) -> V:
    """Anybody may open the page, signed in or not."""
    view.admits = OPEN  # type: ignore[attr-defined]
    return view


def members_only(view: V) -> V:
    """Only somebody who is signed in and acts for an organisation; what they see is the stage policy's matter."""
    view.admits = frozenset[str]()  # type: ignore[attr-defined]
    return view


def signed_in(view: V) -> V:
    """Anybody who is signed in, with or without an organisation."""
    view.admits = SIGNED_IN  # type: ignore[attr-defined]
    return view


def only(*kinds: str) -> Callable[[V], V]:
    """Only people who act for an organisation of one of these kinds; for others the page is not there (404)."""

    def name(view: V) -> V:
        view.admits = frozenset(kinds)  # type: ignore[attr-defined]
        return view

    return name
