"""`python -m kansatsu.cli` is `kansatsu`."""

from kansatsu.cli import main

main(prog_name="kansatsu")
