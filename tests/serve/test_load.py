"""Fifty clients at once read, query and review: no answer fails and no decision is lost."""

import subprocess
import sys
from pathlib import Path

BENCHMARK = Path(__file__).parent.parent.parent / "benchmarks" / "serve.py"


def test_fifty_clients_at_once(news):
    """The benchmark, for some seconds only; it fails by itself if an answer or a decision does."""
    command = [sys.executable, BENCHMARK, news, "--clients", "50", "--seconds", "8", "--warming"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "failed: 0" in done.stdout
    assert "0 not in the file, 0 not in the graph" in done.stdout
