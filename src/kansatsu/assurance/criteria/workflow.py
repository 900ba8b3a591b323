"""An edition is installed as published and never changes; a correction is a new edition."""

from enum import StrEnum

from kansatsu.core.steps import Step, Workflow


class Status(StrEnum):
    PUBLISHED = "published"


class Act(StrEnum):
    INSTALL = "install"


EDITION = Workflow("criteria.edition", Status, Act, [Step(Act.INSTALL, (), Status.PUBLISHED)])
