"""`python -m pgkit` is the command `pgkit`."""

from pgkit.cli import main

main()
