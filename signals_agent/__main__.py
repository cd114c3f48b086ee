"""``python -m signals_agent`` is the command ``signals-agent``."""

from signals_agent.cli import main

main()
