"""`python -m kgraph` is the command."""

from kgraph.cli import main

main()
