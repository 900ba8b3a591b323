"""`kansatsu setup`: the first administrator of a real installation, without any demo data."""

import sys

import click

from kansatsu.cli import door
from kansatsu.cli.migrate import bring_to_present


@click.command()
@click.option("--organisation", prompt="Name of the programme office", help="The programme office's name.")
@click.option("--name", prompt="Your name", help="The first administrator's name.")
@click.option("--email", prompt="Your e-mail address", help="The address to sign in with.")
@click.option("--language", type=click.Choice(["ja", "en"]), default="ja", show_default=True, help="For letters.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of asking.")
@door.as_json
def setup(organisation: str, name: str, email: str, language: str, password_stdin: bool, as_json: bool) -> None:
    """Migrate the database and make the programme office with its first administrator."""
    door.start()
    password = (
        sys.stdin.readline().rstrip("\n")
        if password_stdin
        else click.prompt("Password (15 characters or more)", hide_input=True, confirmation_prompt=True)
    )
    _set_up(organisation, name, email, language, password, as_json=as_json)


@door.refusals
def _set_up(organisation: str, name: str, email: str, language: str, password: str, *, as_json: bool) -> None:
    from django.utils import timezone

    from kansatsu.accounts.actions import set_up

    bring_to_present()
    membership = set_up(
        name=name, email=email, password=password, organisation=organisation, language=language, now=timezone.now()
    )
    if as_json:
        door.print_json({"person": membership.person.email, "organisation": membership.organisation.name})
    else:
        click.echo(f"{membership.person.email} is the first administrator of {membership.organisation.name}.")
        click.echo("Start the portal with `kansatsu serve` and the letters with `kansatsu worker`.")
