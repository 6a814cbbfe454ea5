"""What Crosswalk is made of, and whether a flaw is known of any of it. Reads the hash-pinned requirements files.

`./run sbom` writes a bill of materials (CycloneDX 1.6, JSON) of `requirements/run.txt`; the same file gives the same
bytes. `./run audit` asks the database OSV (https://google.github.io/osv.dev/post-v1-querybatch/) about each package by
name and version, and needs the internet; so it is no part of `./run test`, which contacts this machine only.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tomllib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

ROOT = Path(__file__).resolve().parent.parent
OSV = "https://api.osv.dev"
CLEAN, FLAWS, UNASKED = 0, 1, 2
_PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)")


@dataclass(frozen=True, slots=True)
class Package:
    """A pinned package: what may be installed under its name, and what wants it."""

    name: str
    version: str
    hashes: tuple[str, ...]
    wanted_by: tuple[str, ...]

    @property
    def purl(self) -> str:
        """Its address in bills of materials: https://github.com/package-url/purl-spec"""
        return f"pkg:pypi/{re.sub(r'[-_.]+', '-', self.name).lower()}@{self.version}"


def packages(text: str) -> list[Package]:
    """The packages of a requirements file as `uv pip compile` writes it."""
    found = []
    for block in re.split(r"\n(?=[A-Za-z0-9])", text):
        if pin := _PIN.match(block):
            hashes = tuple(sorted(re.findall(r"--hash=sha256:([0-9a-f]{64})", block)))
            via = re.findall(r"^ +# +(?:via +)?([A-Za-z0-9][\w.\[\]-]*)", block.replace("# via\n", "\n"), re.M)
            found.append(Package(pin[1], pin[2], hashes, tuple(sorted(set(via)))))
    return found


def bill(text: str, project: Mapping[str, Any]) -> dict[str, Any]:
    """The bill of materials: https://cyclonedx.org/docs/1.6/json/"""
    every = packages(text)
    own = f"pkg:pypi/{project['name']}@{project['version']}"
    known = {one.name: one.purl for one in every} | {project["name"]: own}
    needs: dict[str, list[str]] = {ref: [] for ref in sorted(known.values())}
    for one in every:
        for name in one.wanted_by:
            needs[known[name.partition("[")[0]]].append(one.purl)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, own + text)}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": own,
                "name": project["name"],
                "version": project["version"],
                "licenses": [{"license": {"id": project["license"]}}],
            }
        },
        "components": [
            {
                "type": "library",
                "bom-ref": one.purl,
                "name": one.name,
                "version": one.version,
                "purl": one.purl,
                "hashes": [{"alg": "SHA-256", "content": digest} for digest in one.hashes],
            }
            for one in every
        ],
        "dependencies": [{"ref": ref, "dependsOn": sorted(set(wants))} for ref, wants in needs.items()],
    }


def audit(every: Sequence[Package], address: str) -> dict[str, list[str]]:
    """The flaws that are known, by "name version". Raises httpx2.HTTPError or ValueError where nobody answers that."""
    asked = {"queries": [{"package": {"purl": one.purl}} for one in every]}
    got = httpx2.post(f"{address}/v1/querybatch", json=asked, timeout=30).raise_for_status().json()
    results = got.get("results") if isinstance(got, dict) else None
    if not isinstance(results, list) or len(results) != len(every):
        raise ValueError("the answer is not one about these packages")
    return {
        f"{one.name} {one.version}": sorted(str(flaw["id"]) for flaw in result["vulns"])
        for one, result in zip(every, results, strict=True)
        if result.get("vulns")
    }


def main(arguments: Sequence[str]) -> int:
    """Write the bill, or ask for flaws and say loudly when nobody could be asked."""
    parser = argparse.ArgumentParser(prog="./run")
    parser.add_argument("what", choices=("sbom", "audit"))
    parser.add_argument("--lock", default="run", choices=("run", "dev"), help="requirements/LOCK.txt; run unless given")
    parser.add_argument("--source", default=OSV, help="where to ask; OSV's own address unless given")
    given = parser.parse_args(arguments)
    text = (ROOT / f"requirements/{given.lock}.txt").read_text("utf-8")
    if given.what == "sbom":
        project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
        sys.stdout.write(json.dumps(bill(text, project), indent=2) + "\n")
        return CLEAN
    every = packages(text)
    try:
        flaws = audit(every, given.source)
    except (httpx2.HTTPError, ValueError) as error:
        sys.stderr.write(f"NOT AUDITED: {given.source} could not be asked ({error or type(error).__name__}).\n")
        sys.stderr.write(f"Nothing is known about {len(every)} packages. Run this where the internet is reachable.\n")
        return UNASKED
    sys.stdout.write("".join(f"{name}: {', '.join(ids)}\n" for name, ids in flaws.items()))
    sys.stdout.write(f"{len(every)} packages asked about, flaws known of {len(flaws)}.\n")
    return FLAWS if flaws else CLEAN


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
