"""``python -m docs_reference``, from the project's root: write all references anew."""

from pathlib import Path

from docs_reference import pages


def main() -> None:
    """Write every page whose content differs from what is there."""
    folder = Path(__file__).resolve().parent.parent / "docs" / "reference"
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        target = folder / name
        if not target.exists() or target.read_text(encoding="utf-8") != text:
            target.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
