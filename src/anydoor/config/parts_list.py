"""The software bill of materials: everything Anydoor is put together from, as CycloneDX 1.6.

Made from `requirements/run.txt` (what pip installs, by name, version and hash), the licences that the
installed packages declare, and the checksums of what is vendored. No clock and no chance goes in: the same
inputs give the same bytes, and the serial number is drawn from them.
"""

from __future__ import annotations

import json
import re
import tomllib
import uuid
from importlib import metadata
from pathlib import Path
from typing import Any

from anydoor.config.environ import CHECKOUT

RUN = CHECKOUT / "requirements" / "run.txt"
WANTED = CHECKOUT / "requirements" / "run.in"
VENDORED = CHECKOUT / "src" / "anydoor" / "ui" / "static" / "ui" / "nhsuk"
BILL = CHECKOUT / "docs" / "safety" / "sbom.cdx.json"
SERIAL = uuid.UUID("6f6d2d3e-6a0c-5a52-9c0b-0a1d0d0e5ea5")  # the namespace of our serial numbers
PIN = re.compile(
    r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(?P<version>[^\s;]+)\s*(?:;\s*(?P<marker>[^\\]+))?"
)
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
# What packages write for a licence where they use no SPDX expression.
SPDX = {
    "MIT": "MIT",
    "MIT License": "MIT",
    "BSD-3-Clause": "BSD-3-Clause",
    "Apache-2.0": "Apache-2.0",
    "MPL-2.0": "MPL-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}


def pins(text: str) -> list[dict[str, Any]]:
    """The pinned packages of a requirements file: name, version, marker ("" for always), hashes."""
    found: list[dict[str, Any]] = []
    for line in text.splitlines():
        pin = PIN.match(line)
        if pin is not None:
            marker = (pin["marker"] or "").strip()
            found.append({"name": pin["name"], "version": pin["version"], "marker": marker, "hashes": []})
        if found:
            found[-1]["hashes"] += HASH.findall(line)
    return found


def wanted(text: str) -> list[str]:
    """The names a requirements file asks for itself, as pip compares names."""
    names = [re.split(r"[\s\[=<>~!;]", line, maxsplit=1)[0] for line in text.splitlines()]
    return sorted({plain(name) for name in names if name and not name.startswith(("#", "-"))})


def plain(name: str) -> str:
    """A package's name as pip compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def licences(name: str) -> list[dict[str, Any]] | None:
    """What the installed package declares, in CycloneDX; None when it is not installed here."""
    try:
        said = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return None
    for expression in said.get_all("License-Expression") or []:
        return [{"expression": expression}]
    classes = [line for line in said.get_all("Classifier") or [] if line.startswith("License ::")]
    words = [line.rpartition(" :: ")[2] for line in classes]
    short = "".join(said.get_all("License") or []).strip()
    if not words and short and len(short) <= 60 and "\n" not in short:
        words = [short]
    if not words and short:
        words = [short.splitlines()[0][:60]]
    return [
        {"license": {"id": SPDX[word], "acknowledgement": "declared"}}
        if word in SPDX
        else {"license": {"name": word, "acknowledgement": "declared"}}
        for word in words
    ]


def before(path: Path) -> dict[str, list[dict[str, Any]]]:
    """The licences by purl that an earlier bill knew: for what this machine has no use for and no copy of."""
    if not path.is_file():
        return {}
    found = json.loads(path.read_text(encoding="utf-8"))
    return {
        row["purl"]: row["licenses"] for row in found["components"] if "purl" in row and "licenses" in row
    }


def packages() -> list[dict[str, Any]]:
    """A component for each pinned package."""
    known = before(BILL)
    rows = []
    for pin in pins(RUN.read_text(encoding="utf-8")):
        name = plain(pin["name"])
        purl = f"pkg:pypi/{name}@{pin['version']}"
        row: dict[str, Any] = {
            "type": "library",
            "bom-ref": purl,
            "name": name,
            "version": pin["version"],
            "scope": "optional" if pin["marker"] else "required",
            "hashes": [{"alg": "SHA-256", "content": one} for one in sorted(set(pin["hashes"]))],
        }
        declared = licences(name)
        declared = known.get(purl, []) if declared is None else declared
        if declared:
            row["licenses"] = declared
        row["purl"] = purl
        if pin["marker"]:
            row["properties"] = [{"name": "anydoor:only-where", "value": pin["marker"]}]
        rows.append(row)
    return rows


def vendored() -> dict[str, Any]:
    """The parts of the NHS design system that are kept in the repository, each file by its checksum."""
    version = _frontend_version()
    purl = f"pkg:npm/nhsuk-frontend@{version}"
    files = []
    for line in (VENDORED / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
        digest, name = line.split("  ", 1)
        files.append(
            {
                "type": "file",
                "bom-ref": f"{purl}#{name}",
                "name": f"src/anydoor/ui/static/ui/nhsuk/{name}",
                "hashes": [{"alg": "SHA-256", "content": digest}],
            }
        )
    return {
        "type": "library",
        "bom-ref": purl,
        "name": "nhsuk-frontend",
        "version": version,
        "description": "Stylesheet and icons of the NHS design system.",
        "scope": "required",
        "licenses": [{"license": {"id": "MIT", "acknowledgement": "declared"}}],
        "purl": purl,
        "pedigree": {"notes": "Cut to what is worn; scripts/vendor_nhsuk.py says what was left out."},
        "components": files,
    }


def bill() -> dict[str, Any]:
    """The whole bill, ready for `json.dumps`."""
    with (CHECKOUT / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)["project"]
    ours = f"pkg:pypi/{project['name']}@{project['version']}"
    parts = sorted([*packages(), vendored()], key=lambda row: str(row["purl"]))
    asked = set(wanted(WANTED.read_text(encoding="utf-8"))) | {"nhsuk-frontend"}
    made: dict[str, Any] = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": ours,
                "name": project["name"],
                "version": project["version"],
                "description": project["description"],
                "licenses": [{"license": {"id": project["license"], "acknowledgement": "declared"}}],
                "purl": ours,
            }
        },
        "components": parts,
        # What was asked for itself; what those bring along is pinned too, without saying by whom it came.
        "dependencies": [
            {"ref": ours, "dependsOn": [row["bom-ref"] for row in parts if row["name"] in asked]}
        ],
    }
    serial = uuid.uuid5(SERIAL, json.dumps(made, sort_keys=True))
    return {**made, "serialNumber": f"urn:uuid:{serial}"}


def draw() -> str:
    """The bill as the text of its file."""
    return json.dumps(bill(), indent=1, ensure_ascii=False) + "\n"


def _frontend_version() -> str:
    """The version the licence beside the stylesheet names. Raises `ValueError` when it names none."""
    first, _, _ = (VENDORED / "LICENCE.txt").read_text(encoding="utf-8").partition("\n")
    name, _, version = first.partition(" ")
    if name != "nhsuk-frontend" or not version:
        raise ValueError("LICENCE.txt does not begin with the name and version of nhsuk-frontend")
    return version.strip()
