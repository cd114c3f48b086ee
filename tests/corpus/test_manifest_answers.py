"""The retrieval server of docs/answers.md, run as it stands with a manifest beside it."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import travelling

from signals_agent import preference_manifest

PAGE = (Path(__file__).parents[2] / "docs" / "answers.md").read_text("utf-8")

# It is given any port that is free; the example's own is for people.
DRIVER = """
import threading, urllib.request
import server
served = server.ThreadingHTTPServer(("127.0.0.1", 0), server.Answers)
server.Answers.log_message = lambda *said: None
threading.Thread(target=served.serve_forever, daemon=True).start()
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
where = f"http://127.0.0.1:{served.server_port}"
with opener.open(where, b"How often does it rain", timeout=30) as answer:
    print(answer.read().decode())
served.shutdown()
served.server_close()
"""


def test_the_server_of_the_page_names_its_sources(tmp_path: Path) -> None:
    (program,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    (answer,) = re.findall(r"```json\n(.*?)\n```", PAGE, re.DOTALL)
    (tmp_path / "server.py").write_text(program, "utf-8")
    shutil.copy(preference_manifest.__file__, tmp_path / "preference_manifest.py")
    with travelling.held(travelling.LIST, tmp_path) as holdings:
        travelling.manifest(holdings, tmp_path / "corpus")
    ran = subprocess.run(
        [sys.executable, "-S", "-c", DRIVER],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ran.stdout.strip(), ran.stderr) == (answer, "")


def test_the_page_names_every_call() -> None:
    public = {name for name in vars(preference_manifest.Manifest) if not name.startswith("_")} - {
        "close",
        "name",
        "version",
    }
    named = set(re.findall(r"`(?:Manifest)?\.(\w+)[(`]", PAGE))
    assert public <= named | {"newer"}
    assert named <= public
