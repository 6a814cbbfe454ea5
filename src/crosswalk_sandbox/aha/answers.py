"""The bodies of an Aha! that refuses or fails because a fault says so. Only texts.

Aha! documents none of these bodies but that of 404 (https://www.aha.io/api); the shapes are those of `refusals`.
"""

from __future__ import annotations

from crosswalk_sandbox.kernel.faults import Answers, Canned

ANSWERS: Answers = {
    "400": Canned(400, '{"error": "The request can not be read"}'),
    "401": Canned(401, '{"error": "Invalid API key"}'),
    "403": Canned(403, '{"error": "You do not have permission to perform this action"}'),
    "404": Canned(404, '{"error": "Record not found."}'),
    "409": Canned(409, '{"error": "Conflict"}'),
    "429": Canned(429, '{"error": "Too many requests"}', {"X-Ratelimit-Limit": "300", "X-Ratelimit-Remaining": "0"}),
}
