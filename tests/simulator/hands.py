"""People's hands and eyes: those of the live machine, without a network in between."""

from __future__ import annotations

from typing import Any

import httpx2

from crosswalk.merge.records import Ref
from tests.path.files import Desk
from tests.path.live.people import GIVE, PLURALS, People, Twins
from tests.simulator.world import AHA, JIRA, World


class NearDesk(Desk):
    """The files of a feature, by hand."""

    def __init__(self, world: Any, ref: Ref) -> None:
        self.system, self.ref = world, ref
        wires = world.hands
        headers = {"Authorization": f"Bearer {world.secrets['aha'][1]}"}
        self.aha = httpx2.Client(base_url=f"{AHA}/api/v1", headers=headers, transport=wires, trust_env=False)
        self.jira = httpx2.Client(
            base_url=f"{JIRA}/rest/api/2",
            auth=world.secrets["jira"],
            headers={"X-Atlassian-Token": "no-check"},
            transport=wires,
            trust_env=False,
        )


class NearPeople(People):
    """The product owner and the engineer of one world."""

    def __init__(self, world: World, refs: list[Ref]) -> None:
        near: Any = world
        self.system, self.refs, self.words = near, refs, 0
        self.desks = {ref.id: NearDesk(world, ref) for ref in refs}
        self.releases = {one["id"]: one["name"] for one in world.aha.get("/products/FAB/releases")["releases"][:3]}
        self._joined: list[Twins] | None = None

    def take(self, ref: Ref) -> None:
        self.refs.append(ref)
        self.desks[ref.id] = NearDesk(self.system, ref)

    def twins(self) -> list[Twins]:
        if self._joined is None:
            self._joined = super().twins()
        return self._joined

    def look_again(self) -> None:
        """There may be other pairs now."""
        self._joined = None

    def delete(self, at: Twins, side: str) -> None:
        if side == "aha":
            self.system.aha.send("DELETE", f"/{PLURALS[at.kind]}/{at.id}")
        else:
            self.system.jira.send("DELETE", f"/issue/{at.key}?deleteSubtasks=true")

    def _give(self, at: Twins, given: dict[str, Any]) -> None:
        owner: Any = self.system.aha
        owner.graphql({"query": GIVE, "variables": {"id": at.id, "given": given}})
