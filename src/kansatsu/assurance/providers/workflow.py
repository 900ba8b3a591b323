"""The acts on a cloud service itself; what becomes of it in the programme is told by the later stages."""

from enum import StrEnum


class Act(StrEnum):
    DESCRIBE = "describe"


class Model(StrEnum):
    """How the service is delivered."""

    IAAS = "iaas"
    PAAS = "paas"
    SAAS = "saas"
