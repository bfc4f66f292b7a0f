"""Every picture that a page of the documentation shows is there and small, and every picture is shown."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_pictures_of_the_documentation():
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    shown = {
        page.parent / name for page in pages for name in re.findall(r"!\[[^]]+\]\((.+?)\)", page.read_text("utf-8"))
    }
    assert shown == set((ROOT / "docs").rglob("*.png"))
    assert all(path.stat().st_size < 200_000 for path in shown)
