"""What was fetched, kept as WARC files that other tools read."""

from signals_agent.recording.recorder import Recorder

__all__ = ["Recorder"]
