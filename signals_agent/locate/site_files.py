"""Where a declaration stands that is a whole file of its site (rule R15a)."""

from signals_agent import url as urls
from signals_agent.family import SiteFile
from signals_agent.locate.found import located
from signals_agent.model.capture import Capture
from signals_agent.model.declaration import Located, Reach
from signals_agent.model.position import PointerPosition


def locate(
    capture: Capture, *, family: str, file: SiteFile, capture_id: str
) -> list[tuple[Located, ...]]:
    """One unit: the whole body, for the family to take apart.

    The caller has found the file *present*. What the octets say is the family's to know,
    so JSON that is none comes through as well. The field is the file's path.
    """
    body = capture.body or b""
    return [
        (
            located(
                family=family,
                carrier="well-known" if file.path.startswith("/.well-known/") else "site-file",
                source=urls.parse(capture.url).text,
                capture_id=capture_id,
                position=PointerPosition(""),
                octets=body,
                value=body,
                field=file.path,
                reach=Reach(),
            ),
        )
    ]
