"""How Hypothesis plays here: it keeps its notes in this run's folder and does not watch the clock."""

import os

import hypothesis

os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", f"{os.environ['KANSATSU_VAR']}/hypothesis")
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")
