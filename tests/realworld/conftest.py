"""Collects nothing here unless PGKIT_REALWORLD, and for one file PGKIT_NOTES, name folders."""

import os

NEEDED = {"test_*.py": "PGKIT_REALWORLD", "test_formats.py": "PGKIT_NOTES"}
collect_ignore_glob = [files for files, name in NEEDED.items() if not os.environ.get(name)]
