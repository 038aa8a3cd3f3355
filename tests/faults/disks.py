"""A disk that is soon full."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.servers import Harmed, say
from tests.toolchains.shell import missing

SIZE = "8m"


@contextmanager
def small_tablespace(server: Harmed, name: str) -> Iterator[Path]:
    """A tablespace on a file system of 8 MB; drop what is in it before the end."""
    with tempfile.TemporaryDirectory(prefix="pgkit-disk-") as folder:
        Path(folder).chmod(0o755)
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=0777", "tmpfs", folder],
            capture_output=True,
            text=True,
        )
        if mounted.returncode:
            missing("a small disk", f"mount says: {mounted.stderr.strip()}; run them as root")
        try:
            place = Path(folder, "space")
            place.mkdir(mode=0o700)
            if server.place.account is not None:
                os.chown(place, server.place.account.uid, server.place.account.gid)
            say(server.url, f"CREATE TABLESPACE {name} LOCATION '{place}'")
            yield place
            say(server.url, f"DROP TABLESPACE {name}")
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)
