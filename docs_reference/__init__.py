"""Writes the generated references under ``docs/reference/`` out of the code and the data files."""

from docs_reference import commands, problems, rules, settings, steps


def pages() -> dict[str, str]:
    """File name → content of every generated reference."""
    return {
        "cli.md": commands.page(),
        "problems.md": problems.page(),
        "rules.md": rules.page(),
        "settings.md": settings.page(),
        "steps.md": steps.page(),
    }
