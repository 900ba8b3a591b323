"""The settings under test: the house's own, with a folder of its own for this run."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_VAR = Path(tempfile.mkdtemp(prefix="kansatsu-tests-"))
atexit.register(shutil.rmtree, _VAR, ignore_errors=True)
os.environ["KANSATSU_VAR"] = str(_VAR)
os.environ["KANSATSU_MODE"] = "development"
os.environ.setdefault("DATABASE_URL", f"sqlite:///{_VAR / 'kansatsu.sqlite3'}")

from kansatsu.settings import *  # noqa: E402, F403
