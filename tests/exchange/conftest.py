"""Where Hypothesis keeps its notes: in this run's folder, none in the checkout."""

import os

os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", f"{os.environ['KANSATSU_VAR']}/hypothesis")
