"""`kansatsu <noun> <verb>`: the command line, over the same acts as the portal.

Results go to stdout, messages to stderr. Exit codes: 0 done, 1 bug, 2 usage, 3 problems in what was given,
4 not allowed, 5 wrong state, 6 conflict.
"""

import os

import click

from kansatsu import __version__
from kansatsu.cli.nouns import LazyGroup


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.version_option(__version__, prog_name="kansatsu")
def main() -> None:
    """Kansatsu: the assurance programme for government cloud services, from statement to public list."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kansatsu.settings")
