"""Measures the exchange of OSCAL documents against two other programs: ratios of medians within one run.

    .venv/bin/python bench/oscal.py

The others (bench/referees/*.txt) live in environments of their own below .tools/referees, never in our lock file;
where one cannot be set up, its rows are skipped and say so. NIST's documents are taken from beside the checkout where
they are, otherwise a catalogue of the same size is made up.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "data"
REFEREES = ROOT / ".tools" / "referees"
UV = ROOT / ".tools" / "bin" / "uv"
UUID = "11111111-1111-4111-8111-111111111111"
RUNS = 15

TIMED = """
import json, statistics, sys, time
def report(run, runs):
    taken = []
    for _ in range(runs):
        start = time.perf_counter(); found = run(); taken.append(time.perf_counter() - start)
    print(json.dumps([statistics.median(taken), found if isinstance(found, list) else None]))
path, runs = sys.argv[1], int(sys.argv[2])
"""
OURS_READ = """
from pathlib import Path
from kansatsu.exchange.oscal import documents, validation
report(lambda: validation.faults(documents.read(Path(path).read_bytes()), expected_model="catalog"), runs)
"""
OURS_STRUCTURE = """
from pathlib import Path
from kansatsu.exchange.oscal import documents, validation
report(lambda: validation.structural_faults(documents.read(Path(path).read_bytes())), runs)
"""
OURS_RESOLVE = """
from pathlib import Path
from kansatsu.exchange.oscal import documents, profiles
def read(path): return documents.read(Path(path).read_bytes())
def controls(node):
    own = [name for one in node.get("controls", ()) for name in (one["id"], *controls(one))]
    return own + [name for group in node.get("groups", ()) for name in controls(group)]
report(lambda: controls(profiles.resolve(read(path), location=path, load=read)["catalog"]), runs)
"""
TRESTLE_READ = """
from pathlib import Path
from trestle.oscal.catalog import Catalog
def run(): Catalog.oscal_read(Path(path))
report(run, runs)
"""
TRESTLE_VALIDATE = """
import trestle.core.validator_factory
from pathlib import Path
from trestle.core.all_validator import AllValidator
from trestle.oscal.catalog import Catalog
def run(): assert AllValidator().model_is_valid(Catalog.oscal_read(Path(path)), True, Path(path).parents[2])
report(run, runs)
"""
TRESTLE_RESOLVE = """
from pathlib import Path
from trestle.core.catalog.catalog_interface import CatalogInterface
from trestle.core.profile_resolver import ProfileResolver
def run():
    found = ProfileResolver.get_resolved_profile_catalog(Path(path).parents[2], path)
    return [one.id for one in CatalogInterface(found).get_all_controls_from_dict()]
report(run, runs)
"""
OSCAL_READ = """
from oscal import Catalog
def run(): assert Catalog.load(path)
report(run, runs)
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One figure.

    :param ours: seconds.
    :param theirs: seconds; None where the referee is not there.
    :param target: how many times as fast we mean to be; None when the figure is only for comparison.
    """

    figure: str
    ours: float
    theirs: float | None
    target: float | None

    @property
    def ratio(self) -> float | None:
        """How many times as fast we are."""
        return None if self.theirs is None else self.theirs / self.ours


def rows() -> list[Row]:
    """All figures, measured now.

    :raises AssertionError: trestle resolves the profile to other controls than we do.
    """
    with tempfile.TemporaryDirectory(prefix="kansatsu-bench-") as name:
        places = _workspace(Path(name))
        trestle, oscal = referee("trestle"), referee("oscal")
        json_, yaml, root = (places[key] for key in ("json", "yaml", "root"))
        here = Path(sys.executable)
        structure, _ = _timed(here, OURS_STRUCTURE, json_, RUNS)
        read_json, _ = _timed(here, OURS_READ, json_, RUNS)
        read_yaml, _ = _timed(here, OURS_READ, yaml, RUNS)
        resolved, ours = _timed(here, OURS_RESOLVE, places["profile"], RUNS)
        command = _median_of(lambda: _run(here, "-m", "kansatsu.cli", "oscal", "validate", json_))
        found = [
            Row("read a document, its structure checked (trestle)", structure, None, 5),
            Row("read and validate all (trestle)", read_json, None, 5),
            Row("read and validate, command line (trestle)", command, None, 5),
            Row("read and validate all, YAML (trestle)", read_yaml, None, 10),
            Row(f"resolve a profile of {len(ours)} controls (trestle)", resolved, None, 2),
            Row("read a document, its structure checked (oscal)", structure, None, None),
            Row("read and validate all, YAML (oscal)", read_yaml, None, 10),
        ]
        theirs: list[float | None] = [None] * len(found)
        if trestle:
            program = trestle.parent / "trestle"
            resolving, controls = _timed(trestle, TRESTLE_RESOLVE, places["trestle's"], 5)
            assert sorted(ours) == sorted(controls), "the resolved controls differ"
            theirs[:5] = [
                _timed(trestle, TRESTLE_READ, json_, RUNS)[0],
                _timed(trestle, TRESTLE_VALIDATE, json_, 5)[0],
                _median_of(lambda: _run(program, "validate", "-f", json_, "--trestle-root", root)),
                _timed(trestle, TRESTLE_VALIDATE, yaml, 2)[0],
                resolving,
            ]
        if oscal:
            theirs[5:] = [_timed(oscal, OSCAL_READ, json_, RUNS)[0], _timed(oscal, OSCAL_READ, yaml, 2)[0]]
        return [replace(row, theirs=one) for row, one in zip(found, theirs, strict=True)]


@cache
def referee(name: str) -> Path | None:
    """The Python of a referee's environment, which is set up if it is not there; None if it cannot be."""
    python = REFEREES / name / "bin" / "python"
    ready = REFEREES / name / "ready"
    if ready.exists():
        return python
    print(f"setting up {name} in {python.parents[1].relative_to(ROOT)}", file=sys.stderr)
    try:
        _run(UV, "venv", "--quiet", "--clear", "--python", sys.executable, REFEREES / name)
        _run(UV, "pip", "install", "--quiet", "--python", python, "-r", ROOT / "bench" / "referees" / f"{name}.txt")
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"SKIPPED {name}: its environment cannot be set up ({error})", file=sys.stderr)
        return None
    ready.touch()
    return python


def _workspace(root: Path) -> dict[str, Path]:
    """The documents, in the folders in which trestle looks for them."""
    from kansatsu.exchange.oscal import documents

    catalog, profile = _documents()
    (root / ".trestle").mkdir()
    places = {
        "root": root,
        "json": root / "catalogs" / "one" / "catalog.json",
        "yaml": root / "catalogs" / "two" / "catalog.yaml",
        "profile": root / "profiles" / "one" / "profile.json",
        "trestle's": root / "profiles" / "two" / "profile.json",
    }
    for place in list(places.values())[1:]:
        place.parent.mkdir(parents=True)
    places["json"].write_text(json.dumps(catalog))
    places["yaml"].write_bytes(documents.write(catalog, "yaml"))
    for name, start in (("profile", "../../"), ("trestle's", "trestle://")):
        profile["profile"]["imports"][0]["href"] = f"{start}catalogs/one/catalog.json"
        places[name].write_text(json.dumps(profile))
    return places


def _documents() -> tuple[dict[str, Any], dict[str, Any]]:
    """A catalogue of about two megabytes, and a profile that selects most of it."""
    if SHARED.exists():
        names = ("nist-sp800-53-rev5-high-catalog.json", "nist-sp800-53-rev5-moderate-profile.json")
        catalog, profile = (json.loads((SHARED / name).read_bytes()) for name in names)
        return catalog, profile
    print("NIST's documents are not beside the checkout: measuring with a made-up catalogue", file=sys.stderr)
    metadata = {"title": "Bench", "last-modified": "2026-04-01T00:00:00Z", "version": "1", "oscal-version": "1.1.2"}
    groups = [
        {"id": f"g{g}", "title": f"Group {g}", "controls": [_control(f"c-{g}.{c}") for c in range(20)]}
        for g in range(20)
    ]
    select = {"with-ids": [one["id"] for group in groups for one in group["controls"][:15]]}
    imports = [{"href": "", "include-controls": [select]}]
    head = {"uuid": UUID, "metadata": metadata}
    return {"catalog": {**head, "groups": groups}}, {"profile": {**head, "imports": imports, "merge": {"as-is": True}}}


def _control(name: str) -> dict[str, Any]:
    label = [{"name": "label", "value": name.upper(), "class": "bench"}]
    prose = "The organisation does this within {{ insert: param, " + name + "_p0 }} and keeps a record of it."
    parts = [
        {"id": f"{name}_s{n}.{m}", "name": "item", "props": label, "prose": prose} for n in range(5) for m in range(4)
    ]
    params = [{"id": f"{name}_p{n}", "label": "a period", "guidelines": [{"prose": "a period"}]} for n in range(4)]
    whole = {"id": f"{name}_s", "name": "statement", "parts": parts}
    return {"id": name, "title": f"Control {name}", "params": params, "props": label, "parts": [whole]}


def _timed(python: Path, code: str, path: Path, runs: int) -> tuple[float, list[str]]:
    """Median seconds of one step in a process that has everything imported, and the list that the step gave."""
    done = subprocess.run([python, "-c", TIMED + code, path, str(runs)], check=True, capture_output=True, text=True)
    seconds, found = json.loads(done.stdout.splitlines()[-1])
    return seconds, found or []


def _median_of(run: Callable[[], object]) -> float:
    taken = []
    for _ in range(7):
        start = time.perf_counter()
        run()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def _run(*command: object) -> None:
    subprocess.run([str(part) for part in command], check=True, capture_output=True)


def main() -> None:
    """Print the table."""
    print(f"{'figure':52} {'ours':>9} {'theirs':>9} {'ratio':>7} {'target':>7}")
    for row in rows():
        target = "–" if row.target is None else f"{row.target}×"
        if row.theirs is None or row.ratio is None:
            print(f"{row.figure:52} {row.ours * 1000:>6.0f} ms {'–':>9} {'–':>7} {target:>7}  SKIPPED")
            continue
        verdict = "" if row.target is None else "ok" if row.ratio >= row.target else "MISS"
        figures = f"{row.ours * 1000:>6.0f} ms {row.theirs * 1000:>6.0f} ms {row.ratio:>6.1f}× {target:>7}"
        print(f"{row.figure:52} {figures}  {verdict}")


if __name__ == "__main__":
    main()
