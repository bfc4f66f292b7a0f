"""Names as ids."""

import re
import unicodedata

__all__ = ["slug"]


def slug(name: str) -> str:
    """Return a name as the last part of an id: ASCII letters, digits and hyphens.

    >>> slug("Recep Tayyip Erdoğan")
    'recep-tayyip-erdogan'
    """
    plain = name.translate(str.maketrans("ıøłđØŁ", "ioldOL"))
    ascii_only = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", re.sub(r"['’]", "", ascii_only.lower())).strip("-")
