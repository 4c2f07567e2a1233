"""The Chromium that the browser tests drive: Debian's, or the one that CHROMIUM names."""

import os
import shutil

# What a headless Chromium needs to run as root, and to leave the network alone.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium() -> str | None:
    """Its path, or None when there is none."""
    return shutil.which(os.environ.get("CHROMIUM") or "chromium")
