"""What an origin of a wild web answers, by what it is like and what it is asked for."""

import json

from wild import CRAWL_DELAY, Web
from wild_pages import PAGES, RSL, SILENT, TERMS, TYPE, busy, head, page, repeated
from wire import Do, Script, answer, html, moved, text


def _offer(origin: str) -> bytes:
    return json.dumps(
        {
            "@context": ["http://www.w3.org/ns/odrl.jsonld", "http://www.w3.org/ns/tdmrep"],
            "@type": "Offer",
            "profile": "http://www.w3.org/ns/tdmrep",
            "uid": f"{origin}/tdm-policy.json",
            "assigner": {"uid": f"{origin}/", "vcard:fn": "The Wild Times"},
            "permission": [
                {
                    "action": "tdm:mine",
                    "target": f"{origin}/",
                    "duty": [{"action": "obtainConsent"}],
                }
            ],
        }
    ).encode()


def script(web: Web, number: int, target: str, times: int) -> Script:
    """What an origin does when asked for a target for the so-many-th time, counted from 1."""
    name = web.trait(number).name
    path, _, query = target.partition("?")
    whole = _of_all(name)
    if whole is not None:
        return whole
    if path == "/robots.txt" or path.startswith("/robots-"):
        return _robots(web, number, name, path)
    if path == "/.well-known/tdmrep.json":
        return _tdm(web, number, name)
    if path == "/tdm-policy.json":
        return (answer(_offer(web.origins[number]), (TYPE, b"application/json")),)
    if path.startswith("/rsl/"):
        return _document(path[5:-4])
    parts = [part for part in path.split("/")[1:] if part not in ("private", "quiet", "reserved")]
    if parts[0] in PAGES:
        return PAGES[parts[0]]
    if parts[0].startswith("odd-"):
        return PAGES["silent"]
    where = _elsewhere(web, number, parts[0], "/".join(parts[1:]), path, query)
    if where:
        return (moved(where, 301 if len(path) % 2 else 307),)
    if parts[0].startswith("tdm-policy"):
        policy = web.origins[number] + ("/gone" if parts[0].endswith("lost") else "")
        fields = (
            (b"tdm-reservation", b"1"),
            (b"tdm-policy", f"{policy}/tdm-policy.json".encode()),
        )
        return (html(SILENT, *fields),)
    if parts[0] == "busy-once":
        return busy(429, b"0") if times == 1 else PAGES["silent"]
    return _missing(name)


def _missing(name: str) -> Script:
    if name == "soft-404":
        return (html(page(b"<meta name=description content='Not found'>")),)
    return (answer(b"no", (TYPE, b"text/plain"), status=404),)


def _of_all(name: str) -> Script | None:
    """What an origin does whatever it is asked for."""
    match name:
        case "resets":
            return (Do.RESET,)
        case "never-answers":
            return (Do.HANG,)
        case "banner":
            return (b"SSH-2.0-OpenSSH_9.6\r\n", Do.CLOSE)
    return None


def _elsewhere(web: Web, number: int, kind: str, rest: str, path: str, query: str) -> str:
    """Where a page that is elsewhere leads."""
    mark = f"from-{number}-{rest}"
    match kind:
        case "moved":
            return f"/silent/{mark}"
        case "moved-to-no":
            return f"{web.origins[number]}/header-no/{mark}"
        case "moved-to-invalid":
            return f"http://moved-{number}.invalid/{mark}"
        case "elsewhere":
            return f"{web.first('open', number)}/silent/{mark}"
        case "elsewhere-missing":
            return f"{web.first('open', number)}/gone-410/{mark}"
        case "elsewhere-refused":
            return f"{web.first('refuses', number)}/silent/{mark}"
        case "elsewhere-dark":
            return f"{web.first('robots-500', number)}/silent/{mark}"
        case "elsewhere-closed":
            return f"{web.first('port-closed', number)}/silent/{mark}"
        case "loop":
            return path
        case "loop-of-two":
            return path if query else f"{path}?back"
        case "chain-9" | "chain-15":
            step = int(query or 0) + 1
            return f"{path}?{step}" if step < int(kind[6:]) else f"/silent/{mark}"
    return ""


def _robots(web: Web, number: int, name: str, path: str) -> Script:
    origin, folder = web.origins[number], web.trait(number).prefix
    lines = b"User-agent: *\nAllow: /\n"
    match name:
        case "robots-missing":
            return (answer(b"", status=404),)
        case "robots-403":
            return (answer(b"no", status=403),)
        case "robots-500":
            return (answer(b"oh", status=500),)
        case "robots-429":
            return busy(429, b"86400")
        case "robots-challenge":
            return PAGES["challenge-200"]
        case "robots-flood":
            return PAGES["header-flood"]
        case "robots-binary":
            return (answer(bytes(range(256)) * 40, (TYPE, b"text/plain")),)
        case "robots-10-mb":
            start = b"User-agent: *\nDisallow: /private\n"
            return (
                head(b"Content-Type: text/plain") + start,
                repeated(b"# and so on\n" * 5000, 10_000_000),
                Do.CLOSE,
            )
        case "robots-moved" if path == "/robots.txt":
            return (moved("/robots-2.txt", 301),)
        case "robots-moved-6-times" if path != "/robots-6.txt":
            step = int(path[8:-4]) if path.startswith("/robots-") else 0
            return (moved(f"/robots-{step + 1}.txt"),)
        case "robots-elsewhere" if path == "/robots.txt":
            return (moved(web.first("open", number) + f"/robots-{number}.txt"),)
        case "refuses":
            lines = b"User-agent: *\nDisallow: /\n"
        case "refuses-a-folder" | "robots-moved":
            lines = b"User-agent: *\nDisallow: %s\n" % folder.encode()
        case "robots-moved-6-times":
            lines = b"User-agent: *\nDisallow: /\n"
        case "asks-for-credit":
            lines += b"Content-Usage: train-genai=n;exceptions=cc-cr\n"
        case "says-no":
            lines += b"Content-Usage: train-ai=n\n"
        case "says-no-in-a-folder":
            lines += b"Content-Usage: %s train-ai=n\n" % folder.encode()
        case "signals-yes":
            lines += b"Content-Signal: ai-train=yes, search=yes\n"
        case "licence-for-all":
            lines += f"License: {origin}/rsl/credit.xml\n".encode()
        case "licence-lost":
            lines += f"License: {origin}/rsl/lost.xml\n".encode()
        case "crawl-delay":
            lines += b"Crawl-delay: %g\n" % CRAWL_DELAY
        case "soft-404":
            return _missing(name)
    return (text(lines),)


def _tdm(web: Web, number: int, name: str) -> Script:
    rules: list[dict[str, object]]
    match name:
        case "tdm-folder":
            rules = [
                {"location": "/reserved/*", "tdm-reservation": 1},
                {"location": "/*", "tdm-reservation": 0},
            ]
        case "tdm-policy":
            policy = f"{web.origins[number]}/tdm-policy.json"
            rules = [{"location": "/*", "tdm-reservation": 1, "tdm-policy": policy}]
        case "tdm-broken":
            return (answer(b'[{"location": ', (TYPE, b"application/json")),)
        case "tdm-slow":
            return (Do.HANG,)
        case "tdm-bomb":
            return PAGES["bomb"]
        case _:
            return _missing(name)
    return (answer(json.dumps(rules).encode(), (TYPE, b"application/json")),)


def _document(name: str) -> Script:
    match name:
        case "stalls":
            return (Do.HANG,)
        case "bomb":
            return PAGES["bomb"]
        case _ if name in TERMS:
            return (answer(TERMS[name], (TYPE, RSL)),)
    return (answer(b"no", status=404),)
