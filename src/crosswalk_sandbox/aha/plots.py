"""The features of the demo account. Only sentences; all of them invented."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(slots=True)
class Plot:
    """What a feature of the demo is made of; `requirements` are (name, description)."""

    name: str
    release: int
    status: str
    description: str
    who: str = ""
    tags: str = ""
    due_in: int | None = None
    epic: int | None = None
    initiative: int | None = None
    estimate: str = ""
    kind: str = "New"
    custom: Mapping[str, object] = field(default_factory=dict)
    requirements: Sequence[tuple[str, str]] = ()


PLOTS = (
    Plot(
        "Route planner that avoids cobblestones",
        0,
        "Ready to develop",
        "<p>Riders choose <strong>smooth surfaces first</strong>; the planner weighs surface before distance.</p>"
        "<ul><li>Surface data from the city survey</li><li>A switch <em>Comfort</em> beside <em>Fastest</em></li>"
        '<li>See the <a href="https://maps.example.com/surfaces">surface atlas</a></li></ul>',
        "alice@example.com",
        "maps,comfort",
        12,
        0,
        0,
        "5d",
        custom={"customer_tier": "Commuter", "confidence": 80},
        requirements=(
            ("Import the surface survey", "<p>Once a month, from the open data file of the city.</p>"),
            ("Weigh surface in the route search", "<p>Cobbles cost <strong>three times</strong> the distance.</p>"),
            ("Switch between Comfort and Fastest", "<p>The last choice is remembered for each rider.</p>"),
        ),
    ),
    Plot(
        "Anti-theft ping when the bicycle moves",
        0,
        "Ready to develop",
        "<p>If a parked bicycle moves, its owner gets a message within ten seconds.</p>"
        "<ol><li>Motion sensor wakes the lock</li><li>The lock sends its position</li><li>The phone rings</li></ol>",
        "bruno@example.com",
        "safety,hardware",
        20,
        1,
        estimate="8p",
        requirements=(
            ("Wake on motion", "<p>Not on wind, not on a neighbour's lock.</p>"),
            ("Ring the phone", "<p>Also in silent mode, if the rider allowed it.</p>"),
        ),
    ),
    Plot(
        "Share a bicycle with the family",
        0,
        "Under consideration",
        "<p>One bicycle, several riders, each with a saddle height of their own.</p>",
        "chandra@example.com",
        "family",
        initiative=1,
        kind="Improvement",
        requirements=(
            ("Invite by link", "<p>The link is good for <strong>one day</strong>.</p>"),
            ("Each rider has a profile", "<p>Height, units, privacy.</p>"),
            ("Take an invitation back", "<p>At once, even while the other is riding.</p>"),
            ("Show who rides now", "<p>To the owner only.</p>"),
        ),
    ),
    Plot(
        "Battery forecast for the way home",
        0,
        "Ready to ship",
        "<p>Says in the morning whether the battery lasts until the evening.</p>"
        "<p>It counts in wind and climb, as in <code>range = charge / (climb + wind)</code>.</p>",
        "alice@example.com",
        "battery",
        4,
        0,
        estimate="3d 4h",
        custom={"confidence": 95},
    ),
    Plot(
        "Service reminder by distance, not by date",
        1,
        "Under consideration",
        "<p>A chain wears by kilometres. The reminder comes at 1,500 km, or earlier after much rain.</p>",
        "emil@example.com",
        "workshop",
        40,
        requirements=(
            ("Count kilometres while offline", "<p>Up to a week without a phone.</p>"),
            ("Offer a date at the nearest workshop", "<p>Three proposals, one tap.</p>"),
        ),
    ),
    Plot(
        "Winter mode for cold batteries",
        1,
        "Ready to develop",
        "<h3>Why</h3><p>Below 5 °C the range shown was wrong by a third.</p><h3>What</h3>"
        "<p>The battery warms itself before the ride &amp; the display shows the true range.</p>",
        "dana@example.com",
        "battery,winter",
        55,
        0,
        custom={"customer_tier": "Touring"},
    ),
    Plot(
        "Courier mode: next stop on the handlebar",
        1,
        "Under consideration",
        "<p>Shows only the next stop and the arrow there.</p><blockquote><p>I look at the street, not at a map.</p>"
        "</blockquote><p>Said by four of five couriers we rode with.</p>",
        "bruno@example.com",
        "courier,maps",
        None,
        1,
        1,
        custom={"customer_tier": "Courier"},
        requirements=(
            ("Read stops from a file", "<p>CSV with address and name.</p>"),
            ("Arrow and distance", "<p>Readable at arm's length in the sun.</p>"),
            ("Next stop by voice", "<p>For gloves.</p>"),
            ("Proof of delivery photo", "<p>Kept for thirty days.</p>"),
            ("Undo the last stop", "<p>A slip of the thumb happens.</p>"),
        ),
    ),
    Plot(
        "Lights that know the dusk",
        1,
        "In development",
        "<p>On at dusk and in tunnels, off at the stand.</p>",
        "chandra@example.com",
        "safety",
        33,
        kind="Improvement",
        requirements=(("Dusk by place and date", "<p>No network needed.</p>"), ("Tunnel within a second", "<p></p>")),
    ),
    Plot(
        "Carbon belt as an option in the shop",
        2,
        "Under consideration",
        "<p>Quiet, clean, 30,000 km. Price and weight are shown beside the chain.</p>",
        tags="shop",
    ),
    Plot(
        "Trade in the old bicycle",
        2,
        "Under consideration",
        "<p>Three photos, one price, valid for <strong>14 days</strong>.</p>",
        "emil@example.com",
        "shop,recycling",
        initiative=1,
    ),
    Plot(
        "Voice bell",
        3,
        "Under consideration",
        "<p>Idea from the fair: the bell says <em>good morning</em>.</p>",
        tags="fun",
    ),
    Plot(
        "Paper map export",
        3,
        "Will not implement",
        "<p>Asked for twice in three years.</p>",
        "alice@example.com",
        kind="Research",
    ),
)
