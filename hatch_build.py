"""Builds the front-end parts into the package: pinned in web/package-lock.json, taken from npm, never committed.

Where npm is missing or reaches no registry the package is built without them, and its pages do without.
"""

import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PARTS = {
    "@zazuko/yasqe/build/yasqe.min.js": "yasqe.min.js",
    "@zazuko/yasqe/build/yasqe.min.css": "yasqe.min.css",
    "codemirror/LICENSE": "codemirror.LICENSE.txt",
    "lodash-es/LICENSE": "lodash-es.LICENSE.txt",
    "query-string/license": "query-string.LICENSE.txt",
    "dompurify/LICENSE": "dompurify.LICENSE.txt",
    "world-atlas/countries-50m.json": "countries-50m.json",
    "world-atlas/LICENSE": "world-atlas.LICENSE.txt",
}
"""Files of npm packages → what they are called in kgraph/_web."""


class FrontEnd(BuildHookInterface):
    """Takes the parts from npm before a wheel or an editable install is made."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Copy the parts into kgraph/_web unless those that the lock file names are there."""
        root = Path(self.root)
        target = root / "kgraph" / "_web"
        files = [target / name for name in PARTS.values()]
        pinned = (root / "web" / "package-lock.json").stat().st_mtime
        if all(file.is_file() and file.stat().st_mtime >= pinned for file in files):
            return
        npm = shutil.which("npm")
        if npm is None:
            self.app.display_warning("npm is missing: built without the SPARQL editor and the shapes of the map.")
            return
        command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--omit=dev", "--fetch-retries=1"]
        try:
            done = subprocess.run(command, cwd=root / "web", capture_output=True, text=True, check=False, timeout=300)  # noqa: S603
        except subprocess.TimeoutExpired:
            self.app.display_warning("npm took too long: built without the SPARQL editor and the shapes of the map.")
            return
        if done.returncode != 0:
            without = "built without the SPARQL editor and the shapes of the map"
            self.app.display_warning(f"npm failed: {without}.\n{done.stderr.strip()}")
            return
        target.mkdir(exist_ok=True)
        for source, name in PARTS.items():
            shutil.copyfile(root / "web" / "node_modules" / source, target / name)
