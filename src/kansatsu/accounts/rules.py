"""What must hold for passwords, corporate numbers, organisations and invitations."""

import re
import unicodedata
from collections.abc import Iterable

from kansatsu.core.problems import Problem
from kansatsu.core.text import Field, field_problems, folded

ORGANISATION = {
    "name": Field(200, required=True, name=True),
    "name_en": Field(200, name=True),
    "corporate_number": Field(20),
}
PERSON = {"name": Field(100, required=True, name=True), "email": Field(254, required=True)}

_ADDRESS = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?")
_LEET = str.maketrans("@$0134!5", "asoieais")
_COMPANY = re.compile(r"株式会社|有限会社|合同会社|\(株\)|\(有\)|監査法人|独立行政法人|\binc\b|\bltd\b|\bco\b")
_SHORTEST_WORD = 3
_LEAST_REMAINDER = 8


def check_digit(base: str) -> int:
    """The check digit of the twelve base digits of a corporate number (法人番号).

    Source: Ordinance on corporate numbers (平成26年財務省令第70号), article 2: 9 minus the remainder by 9 of the sum of
    each digit, counted from the right, times 1 at odd and 2 at even places.
    """
    total = sum(int(digit) * (1 if place % 2 == 0 else 2) for place, digit in enumerate(reversed(base)))
    return 9 - total % 9


def normalised_number(value: str) -> str:
    """A corporate number as half-width digits without spaces or hyphens."""
    return unicodedata.normalize("NFKC", value).replace("-", "").replace(" ", "")


def normalised_address(value: str) -> str:
    """An e-mail address as it is kept and compared."""
    return unicodedata.normalize("NFKC", value).strip().lower()


def organisation_problems(name: str, name_en: str, corporate_number: str) -> list[Problem]:
    """What is wrong with a new organisation's particulars; the number may be left out."""
    problems = field_problems({"name": name, "name_en": name_en, "corporate_number": corporate_number}, ORGANISATION)
    number = normalised_number(corporate_number)
    if number and not (
        len(number) == 13 and number.isascii() and number.isdigit() and int(number[0]) == check_digit(number[1:])
    ):
        problems.append(Problem("accounts.corporate_number", where="corporate_number"))
    return problems


def address_problems(email: str) -> list[Problem]:
    """What is wrong with an e-mail address."""
    address = normalised_address(email)
    if len(address) > PERSON["email"].longest or not _ADDRESS.fullmatch(address) or ".." in address:
        return [Problem("accounts.address", where="email")]
    return []


def person_problems(name: str, email: str) -> list[Problem]:
    """What is wrong with a person's name and address."""
    return field_problems({"name": name}, {"name": PERSON["name"]}) + address_problems(email)


def password_problems(
    password: str, *, shortest: int, common: Iterable[str], address: str = "", names: Iterable[str] = ()
) -> list[Problem]:
    """Is the password long enough and more than a known word repeated or padded?

    No rules of composition. What remains after all known words are taken out, and repeats are counted once, must have
    at least eight characters.

    :param common: the well-known passwords.
    :param names: names of the person and of the organisations, which count as known words, as do the address's parts.
    """
    if len(password) < shortest:
        return [Problem("accounts.password_short", where="password", params={"shortest": shortest})]
    known = {folded(word) for word in common}
    for source in (address, *names):
        whole = folded(source)
        bare = _COMPANY.sub(" ", whole)
        parts = {whole, whole.replace(" ", ""), "".join(bare.split())}
        parts |= {*re.split(r"[\s@.\-_+・（）()]+", whole), *re.split(r"[\s@.\-_+・（）()]+", bare)}
        known |= {part for part in parts if len(part) >= _SHORTEST_WORD or (len(part) == 2 and not part.isascii())}
    plain = folded(password).replace(" ", "")
    if any(_remainder(form, known) < _LEAST_REMAINDER for form in (plain, plain.translate(_LEET))):
        return [Problem("accounts.password_known", where="password")]
    return []


def _remainder(password: str, known: set[str]) -> int:
    before = None
    while password != before:
        before = password
        for word in sorted(known, key=len, reverse=True):
            password = password.replace(word, "")
        password = re.sub(r"(.{1,20}?)\1+", r"\1", password)
    return len(password)
