"""Collects nothing here unless PGKIT_REALWORLD names the folder of the applications."""

import os

collect_ignore_glob = [] if os.environ.get("PGKIT_REALWORLD") else ["test_*.py"]
