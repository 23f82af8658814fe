"""What the program has found out about its own plugins, found out once for all tests (the ctest plugins_known): a test
that is not about that begins with it, and spares the program the looking."""

import os
import pathlib

FOUND = os.environ.get("PFLOW_KNOWN_PLUGINS", "")


def remember_in(home):
    """Puts it where the program keeps it: below `home`, the program's PFLOW_HOME. Without PFLOW_KNOWN_PLUGINS, nothing."""
    if not FOUND:
        return
    cache = pathlib.Path(home) / "cache/plugins.json"
    if cache.exists():
        return
    cache.parent.mkdir(parents=True, exist_ok=True)
    cache.touch(0o600)
    cache.write_bytes(pathlib.Path(FOUND).read_bytes())
