"""Without fastwarc the room says in a sentence how to get it."""

import subprocess
import sys


def test_without_fastwarc_the_pip_command_is_told() -> None:
    code = (
        "import sys; sys.modules['fastwarc'] = None\n"
        "import signals_agent\n"
        "try:\n    import signals_agent.archives\n"
        "except signals_agent.MissingExtra as error:\n    print(error)\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "pip install 'signals-agent[warc]'" in ran.stdout
