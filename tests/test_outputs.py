"""What README and docs show of commands and Python is what comes out, figures apart."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_pages_show_what_comes_out():
    command = [sys.executable, ROOT / "docs" / "outputs.py", "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout}{done.stderr}\nWrite the pages anew: make outputs"
