"""Other names by which licences go: Hugging Face ids, retired SPDX ids, and plain words."""

from typing import Final

ALIASES: Final[dict[str, str]] = {
    "cc0": "cc0-1.0",
    "cc-0": "cc0-1.0",
    "cc-zero": "cc0-1.0",
    "cc-0-1.0": "cc0-1.0",
    "cc-zero-1.0": "cc0-1.0",
    "cc-pdm": "cc-pdm-1.0",
    "pdm": "cc-pdm-1.0",
    "pdm-1.0": "cc-pdm-1.0",
    "public-domain-mark": "cc-pdm-1.0",
    "public-domain-mark-1.0": "cc-pdm-1.0",
    "odbl": "odbl-1.0",
    "odc-odbl": "odbl-1.0",
    "odc-odbl-1.0": "odbl-1.0",
    "odc-by": "odc-by-1.0",
    "pddl": "pddl-1.0",
    "odc-pddl": "pddl-1.0",
    "odc-pddl-1.0": "pddl-1.0",
    "ogl-2.0": "ogl-uk-2.0",
    "ogl-3.0": "ogl-uk-3.0",
    "uk-ogl": "ogl-uk",
    "uk-ogl-3.0": "ogl-uk-3.0",
    "open-government-licence-v3.0": "ogl-uk-3.0",
    "mit-license": "mit",
    "mit-licence": "mit",
    "the-mit-license": "mit",
    "expat": "mit",
    "apache": "apache-2.0",
    "apache2": "apache-2.0",
    "apache-2": "apache-2.0",
    "apache-2.0-license": "apache-2.0",
    "apache-license-version-2.0": "apache-2.0",
    "apache-license,-version-2.0": "apache-2.0",
    "new-bsd": "bsd-3-clause",
    "simplified-bsd": "bsd-2-clause",
    "bsd-3-clause-license": "bsd-3-clause",
    "bsd-2-clause-license": "bsd-2-clause",
    "boost": "bsl-1.0",
    "gpl-1.0": "gpl-1.0-only",
    "gpl-2.0": "gpl-2.0-only",
    "gpl-2.0+": "gpl-2.0-or-later",
    "gpl-3.0": "gpl-3.0-only",
    "gpl-3.0+": "gpl-3.0-or-later",
    "gplv2": "gpl-2.0-only",
    "gplv2+": "gpl-2.0-or-later",
    "gplv3": "gpl-3.0-only",
    "gplv3+": "gpl-3.0-or-later",
    "agpl-3.0": "agpl-3.0-only",
    "agpl-3.0+": "agpl-3.0-or-later",
    "agplv3": "agpl-3.0-only",
    "lgpl-2.1": "lgpl-2.1-only",
    "lgpl-2.1+": "lgpl-2.1-or-later",
    "lgpl-3.0": "lgpl-3.0-only",
    "lgpl-3.0+": "lgpl-3.0-or-later",
    "gfdl-1.1": "gfdl-1.1-only",
    "gfdl-1.1+": "gfdl-1.1-or-later",
    "gfdl-1.2": "gfdl-1.2-only",
    "gfdl-1.2+": "gfdl-1.2-or-later",
    "gfdl-1.3": "gfdl-1.3-only",
    "gfdl-1.3+": "gfdl-1.3-or-later",
    "fdl": "gfdl",
    "gnu-fdl": "gfdl",
    "free-art-license": "lal-1.3",
    "fal-1.3": "lal-1.3",
    "open-rail": "openrail",
    "open-rail++-m": "openrail++",
    "openrail++-m": "openrail++",
    "creativeml-openrail++-m": "openrail++",
}
"""Each in lower case, spaces and underscores as ``-``, to an id in lower case.

SPDX retired the ids of the GNU licences that do not say *only* or *or later*. A bare
``ogl`` is not here: it is also the Open Game License.
"""

_OGL: Final = "nationalarchives.gov.uk/doc/open-government-licence"
_ODC: Final = "opendatacommons.org/licenses"

PAGES: Final[dict[str, str]] = {
    **{
        f"{_ODC}/{unit}{edition}": ident
        for unit, ident in (("odbl", "odbl-1.0"), ("by", "odc-by-1.0"), ("pddl", "pddl-1.0"))
        for edition in ("", "/1.0", "/1-0", "/summary", "/1.0/summary", "/1-0/summary")
    },
    **{
        f"{host}/{unit}-{edition}": f"cdla-{unit}-{edition[0]}.0"
        for host in ("cdla.dev", "cdla.io", "cdla.dev/licenses")
        for unit, edition in (
            *(("permissive", "1-0"), ("permissive", "1.0"), ("permissive", "2-0")),
            *(("permissive", "2.0"), ("sharing", "1-0"), ("sharing", "1.0")),
        )
    },
    "huggingface.co/blog/open_rail": "openrail",
    "bigscience.huggingface.co/blog/the-bigscience-rail-license": "bigscience-bloom-rail-1.0",
    "bigcode-project.org/docs/pages/bigcode-openrail": "bigcode-openrail-m",
    _OGL: "ogl-uk",
    "nationalarchives.gov.uk/doc/non-commercial-government-licence": "ncgl-uk-2.0",
    f"{_OGL}/open-government-licence.htm": "ogl-uk",
    f"{_OGL}/version/1": "ogl-uk-1.0",
    f"{_OGL}/version/1/open-government-licence.htm": "ogl-uk-1.0",
    f"{_OGL}/version/2": "ogl-uk-2.0",
    f"{_OGL}/version/3": "ogl-uk-3.0",
    "data.gouv.fr/licence-ouverte-open-licence": "etalab-2.0",
    "apache.org/licenses/license-2.0.html": "apache-2.0",
    "apache.org/licenses/license-2.0.txt": "apache-2.0",
    "opensource.org/licenses/mit-license": "mit",
    "opensource.org/licenses/mit-license.php": "mit",
    "opensource.org/licenses/mit-license.html": "mit",
    "opensource.org/licenses/bsd-license": "bsd-2-clause",
    "opensource.org/licenses/bsd-license.php": "bsd-2-clause",
    "opensource.org/license/bsd-2-clause": "bsd-2-clause",
    "opensource.org/license/apache-2-0": "apache-2.0",
    "opensource.org/license/gpl-2-0": "gpl-2.0-only",
    "opensource.org/license/gpl-3-0": "gpl-3.0-only",
    "opensource.org/license/agpl-v3": "agpl-3.0-only",
    "opensource.org/license/lgpl-2-1": "lgpl-2.1-only",
    "opensource.org/license/lgpl-3-0": "lgpl-3.0-only",
    "opensource.org/license/mpl-2-0": "mpl-2.0",
    "opensource.org/license/epl-2-0": "epl-2.0",
    "opensource.org/license/bsl-1-0": "bsl-1.0",
    "opensource.org/license/unlicense": "unlicense",
    "mozilla.org/en-us/mpl/2.0": "mpl-2.0",
    "eclipse.org/legal/epl-2.0": "epl-2.0",
    "eclipse.org/legal/epl-v20.html": "epl-2.0",
    "projects.eclipse.org/license/epl-2.0": "epl-2.0",
    "isc.org/licenses": "isc",
    "isc.org/downloads/software-support-policy/isc-license": "isc",
    "zlib.net/zlib_license.html": "zlib",
    "postgresql.org/about/licence": "postgresql",
    "github.com/aws/mit-0": "mit-0",
    "sam.zoy.org/wtfpl": "wtfpl",
    "sam.zoy.org/wtfpl/copying": "wtfpl",
    "rosenlaw.com/afl3.0.htm": "afl-3.0",
    "rosenlaw.com/osl3.0.htm": "osl-3.0",
    "openmdw.ai/license": "openmdw-1.0",
    "wtfpl.net": "wtfpl",
    "scripts.sil.org/ofl": "ofl-1.1",
    "artlibre.org": "lal-1.3",
    "artlibre.org/licence/lal": "lal-1.3",
    "gnu.org/copyleft/gpl.html": "gpl",
    "gnu.org/copyleft/lesser.html": "lgpl",
    "gnu.org/copyleft/fdl.html": "gfdl",
    "gnu.org/licenses/gpl": "gpl",
    "gnu.org/licenses/agpl": "agpl",
    "gnu.org/licenses/lgpl": "lgpl",
    "gnu.org/licenses/fdl": "gfdl",
    # The text does not say whether a later version will do: the narrower reading.
    **{
        f"gnu.org/licenses/{folder}{name}{form}": ident
        for folder in ("", "old-licenses/")
        for form in ("", "-standalone")
        for name, ident in (
            *(("gpl-1.0", "gpl-1.0-only"), ("gpl-2.0", "gpl-2.0-only")),
            *(("gpl-3.0", "gpl-3.0-only"), ("lgpl+gpl-3.0", "lgpl-3.0-only")),
            *(("agpl-3.0", "agpl-3.0-only"), ("lgpl-2.1", "lgpl-2.1-only")),
            *(("lgpl-3.0", "lgpl-3.0-only"), ("fdl-1.1", "gfdl-1.1-only")),
            *(("fdl-1.2", "gfdl-1.2-only"), ("fdl-1.3", "gfdl-1.3-only")),
        )
    },
    # Creative Commons once wrapped these; its redirects still say so.
    "creativecommons.org/licenses/gpl/2.0": "gpl-2.0-only",
    "creativecommons.org/licenses/lgpl/2.1": "lgpl-2.1-only",
    "creativecommons.org/licenses/bsd": "bsd",
    "creativecommons.org/licenses/mit": "mit",
}
"""Host and path, in lower case without ``www.``, of pages beside the canonical ones."""

SHELVES: Final = (
    "spdx.org/licenses/",
    "opensource.org/licenses/",
    "opensource.org/license/",
    "choosealicense.com/licenses/",
)
"""Places where the last part of the path is an SPDX id."""
