"""Questions about editions."""

from django.db.models import Count, QuerySet

from kansatsu.assurance.criteria.models import Edition


def editions() -> QuerySet[Edition]:
    """All installed editions with their number of controls, newest first."""
    return Edition.objects.annotate(size=Count("controls")).order_by("-published_on", "id")
