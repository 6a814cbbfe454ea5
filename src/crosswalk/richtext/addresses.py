"""Addresses and colours in one form. It knows what is safe to link to, not who links."""

from __future__ import annotations

import html
import re
from functools import lru_cache

import nh3

SCHEMES = frozenset(
    [
        "http",
        "https",
        "mailto",
        "tel",
        "ftp",
        "ftps",
        "sftp",
        "irc",
        "ircs",
        "sip",
        "sips",
        "slack",
        "msteams",
        "skype",
        "zoommtg",
        "vscode",
        "git",
        "ssh",
    ]
)
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.\-]*):")
# Spaces and signs that show nothing. No browser passes over them in a scheme; what else reads an address might.
_UNSEEN = re.compile(r"[\s\u00ad\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]+")
# RFC 3986 allows none of these in an address; browsers encode them, and wiki markup would read some as its own.
_UNFIT = re.compile(r'[\x00-\x20\x7f"<>\\^`{|}\[\]\s]')
_UNSTORABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_HOST_BRACKETS = re.compile(r"(?<=://)\[[0-9a-fA-F:.]+\]")


@lru_cache(4096)  # an address is looked at again and again on its way through a conversion
def safe_address(address: str) -> str:
    """`address` in canonical form, or "" where following it could run a script or it is no address at all.

    Relative addresses and `#anchors` are kept. Characters that may not stand in an address are percent-encoded
    (RFC 3986), so that the same address is the same string in every format.
    """
    plain = (address if address.isprintable() else _UNSTORABLE.sub("", address)).strip()
    scheme = _SCHEME.match(plain if plain.isascii() else _UNSEEN.sub("", plain))
    if scheme and scheme[1].lower() not in SCHEMES:
        return ""
    if scheme and not _is_address(plain):
        return ""
    if "[" in plain and (host := _HOST_BRACKETS.search(plain)):
        return _encode(plain[: host.start()]) + host[0] + _encode(plain[host.end() :])
    return _encode(plain)


def _is_address(absolute: str) -> bool:
    """Whether the WHATWG URL parser inside nh3 takes it (a host, a port that is a number, ...)."""
    return "href" in nh3.clean(f'<a href="{html.escape(absolute)}">-</a>', url_schemes=set(SCHEMES), link_rel=None)


def _encode(part: str) -> str:
    return _UNFIT.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), part)


_NAMES = dict(
    pair.split("=")
    for pair in [
        "aqua=00ffff",
        "black=000000",
        "blue=0000ff",
        "brown=a52a2a",
        "chocolate=d2691e",
        "coral=ff7f50",
        "crimson=dc143c",
        "cyan=00ffff",
        "darkblue=00008b",
        "darkcyan=008b8b",
        "darkgray=a9a9a9",
        "darkgreen=006400",
        "darkgrey=a9a9a9",
        "darkorange=ff8c00",
        "darkred=8b0000",
        "darkviolet=9400d3",
        "deeppink=ff1493",
        "deepskyblue=00bfff",
        "dodgerblue=1e90ff",
        "firebrick=b22222",
        "forestgreen=228b22",
        "fuchsia=ff00ff",
        "gold=ffd700",
        "goldenrod=daa520",
        "gray=808080",
        "green=008000",
        "grey=808080",
        "hotpink=ff69b4",
        "indianred=cd5c5c",
        "indigo=4b0082",
        "khaki=f0e68c",
        "lavender=e6e6fa",
        "lightblue=add8e6",
        "lightgray=d3d3d3",
        "lightgreen=90ee90",
        "lightgrey=d3d3d3",
        "lightyellow=ffffe0",
        "lime=00ff00",
        "limegreen=32cd32",
        "magenta=ff00ff",
        "maroon=800000",
        "mediumblue=0000cd",
        "midnightblue=191970",
        "navy=000080",
        "olive=808000",
        "orange=ffa500",
        "orangered=ff4500",
        "orchid=da70d6",
        "pink=ffc0cb",
        "plum=dda0dd",
        "purple=800080",
        "red=ff0000",
        "royalblue=4169e1",
        "salmon=fa8072",
        "seagreen=2e8b57",
        "sienna=a0522d",
        "silver=c0c0c0",
        "skyblue=87ceeb",
        "slateblue=6a5acd",
        "slategray=708090",
        "steelblue=4682b4",
        "tan=d2b48c",
        "teal=008080",
        "tomato=ff6347",
        "turquoise=40e0d0",
        "violet=ee82ee",
        "white=ffffff",
        "yellow=ffff00",
        "yellowgreen=9acd32",
    ]
)
_HEX = re.compile(r"#?([0-9a-f]{3,8})")
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})(%?)[\s,]+(\d{1,3})%?[\s,]+(\d{1,3})%?")


def color(value: str) -> str:
    """A CSS colour as `#rrggbb`, or "" where it is none that both sides know (transparent, variables, gradients)."""
    value = value.strip().lower()
    if value in _NAMES:
        return "#" + _NAMES[value]
    if found := _HEX.fullmatch(value):
        digits = found[1]
        if len(digits) in (3, 4):
            return "#" + "".join(digit * 2 for digit in digits[:3])
        return "#" + digits[:6] if len(digits) in (6, 8) else ""
    if found := _RGB.match(value):
        scale = 2.55 if found[2] else 1
        return "#" + "".join(f"{min(255, round(int(found[group]) * scale)):02x}" for group in (1, 3, 4))
    return ""
