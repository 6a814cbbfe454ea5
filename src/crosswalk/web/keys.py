"""What is derived from the secret keys of the installation: the key Django signs with, and the setup code."""

from __future__ import annotations

import secrets as randomness

from crosswalk.config import Config
from crosswalk.store.secrets import keyring


def signing_key(config: Config) -> str:
    """The key sessions and forms are signed with; a key rotation signs everybody out.

    Where there is no key yet, a random one for this process: reading the settings must not write to the home folder.
    The service makes the key file before it reads the settings.
    """
    if not config.keys and not config.keys_file.exists():
        return randomness.token_hex(32)
    return keyring(config).derive("django signing key")


def setup_code(config: Config) -> str:
    """What the first visitor must know to become the owner: 20 characters, such as "3f9a1-…".

    Derived, not stored: every process of an installation has the same one, and a restart does not change it.
    """
    text = keyring(config).derive("setup code of the owner")[:20]
    return "-".join(text[start : start + 5] for start in range(0, 20, 5))
