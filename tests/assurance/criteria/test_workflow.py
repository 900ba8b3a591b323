"""An edition is installed, and that is all that ever happens to it."""

from kansatsu.assurance.criteria.workflow import EDITION, Act, Status


def test_an_edition_is_published_when_installed_and_no_act_is_open_on_it():
    assert EDITION.steps[Act.INSTALL].begins
    assert EDITION.steps[Act.INSTALL].target is Status.PUBLISHED
    assert EDITION.acts_from(Status.PUBLISHED) == ()
