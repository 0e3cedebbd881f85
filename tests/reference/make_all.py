"""Writes all references anew: `python make_all.py`."""

import runpy
from pathlib import Path

for script in sorted(Path(__file__).parent.glob("make_*.py")):
    if script.name != Path(__file__).name:
        runpy.run_path(str(script))
