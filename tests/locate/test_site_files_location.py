"""A site file is one declaration as a whole (rule R15a)."""

import pytest

from signals_agent.family import SiteFile
from signals_agent.locate import site_files
from signals_agent.model.capture import Capture
from signals_agent.model.position import PointerPosition


@pytest.mark.parametrize(
    ("path", "carrier"), [("/.well-known/tdmrep.json", "well-known"), ("/ai.txt", "site-file")]
)
def test_the_whole_body_is_the_value(path: str, carrier: str) -> None:
    capture = Capture("https://site.example" + path, 200, body=b"\xef\xbb\xbf[{}]")
    ((located,),) = site_files.locate(
        capture, family="tdmrep", file=SiteFile(path, "json"), capture_id="cap-1"
    )
    declaration = located.declaration
    assert located.value == declaration.octets == b"\xef\xbb\xbf[{}]"
    assert located.field == path
    assert declaration.position == PointerPosition("")
    assert (declaration.carrier, declaration.source) == (carrier, capture.url)
    assert not located.reach.literal
