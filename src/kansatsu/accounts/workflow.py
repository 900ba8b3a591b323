"""Kinds of organisation, roles of people in them, and the acts on both."""

from enum import StrEnum


class Kind(StrEnum):
    """What an organisation is in the programme; it decides what its people may do."""

    PROVIDER = "provider"
    AUDIT_BODY = "audit_body"
    SUPPORT_BODY = "support_body"
    COMMITTEE = "committee"
    OFFICE = "office"
    AGENCY = "agency"


class Role(StrEnum):
    """What a person is in an organisation: a member does its work, an administrator also minds its people."""

    MEMBER = "member"
    ADMINISTRATOR = "administrator"


class Act(StrEnum):
    FOUND = "found"
    INVITE = "invite"
    WITHDRAW_INVITATION = "withdraw_invitation"
    JOIN = "join"
    HAND_OVER = "hand_over"
    LEAVE = "leave"
