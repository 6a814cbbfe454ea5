"""Endpoints about people: who the key belongs to, the people of the account, their roles.

Knows no HTTP server.
Documents:
https://www.aha.io/api/resources/me
https://www.aha.io/api/resources/users
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from crosswalk_sandbox.aha import values
from crosswalk_sandbox.aha.call import NOTHING, Call, Table
from crosswalk_sandbox.aha.people import ADMINISTRATOR_ROLES, NONE, ROLE_NAMES, WRITTEN, User, may_write
from crosswalk_sandbox.aha.refusals import Invalid, Missing
from crosswalk_sandbox.aha.show import Json, stamp
from crosswalk_sandbox.aha.state import Product

ADDRESS = re.compile(r"[^@\s]{1,200}@[^@\s]{1,200}")


def _role(role: int) -> Json:
    return {"role": role, "role_description": ROLE_NAMES[role]}


def _product_role(user: User, product: Product) -> Json:
    return {**_role(user.role_in(product.id)), "product_id": product.id, "product_name": product.name}


def _roles(call: Call, user: User) -> list[Json]:
    return [_product_role(user, one) for one in call.account.products if user.role_in(one.id) != NONE]


def _custom_roles(call: Call, user: User) -> list[Json]:
    return [_custom_role(call, user, one) for one in call.account.products if one.id in user.custom_roles]


def _custom_role(call: Call, user: User, product: Product) -> Json:
    key = user.custom_roles[product.id]
    scope = {"type": "project", "name": product.name, "id": int(product.id)}
    return {"role_id": int(key), "name": call.account.custom_roles[key], "scope": scope}


def _person(call: Call, user: User) -> Json:
    return {
        "id": user.id,
        "name": user.name,
        "email": user.email,
        "timezone": user.timezone,
        "created_at": stamp(user.created_at),
        "updated_at": stamp(user.updated_at),
        "accessed_at": None,
        "product_roles": _roles(call, user),
    }


def _profile(call: Call, user: User) -> Json:
    paid = may_write(user.role) or any(may_write(role) for role in user.roles.values())
    return {
        **_person(call, user),
        "enabled": user.enabled,
        "paid_seat": paid,
        "roadmaps_seat": paid,
        "develop_seat": False,
        "teamwork_seat": False,
        "administrator": set(user.administers) == set(ADMINISTRATOR_ROLES),
        "administrator_roles": {name: name in user.administers for name in ADMINISTRATOR_ROLES},
        "identity_provider": {"type": "password"},
    }


def me(call: Call) -> object:
    """GET who the key belongs to."""
    account = call.account
    own = {"name": account.name, "domain": account.domain, "logo": None, "alt_logo": None, "enabled": True}
    return {
        "user": {
            **_person(call, call.user),
            "accessed_at": stamp(account.now()),
            "preferences": {"current_product_id": int(account.products[0].id)},
            "accounts": [{"account": own}],
        }
    }


def users(call: Call) -> object:
    """GET the people of the account, `email` filters."""
    email = call.query.get("email")
    found = [user for user in call.account.users if not email or user.email == email.lower()]
    return call.page("users", found, lambda user: {**_profile(call, user), "user_roles": _custom_roles(call, user)})


def _named(call: Call) -> User:
    """The person in the path, by id or e-mail. Raises Missing."""
    found = call.account.user(call.args["id"])
    if found is None:
        raise Missing
    return found


def user(call: Call) -> object:
    """GET one person."""
    return {"user": _profile(call, _named(call))}


def change_user(call: Call) -> object:
    """PUT a person: names, address, enabled, administrator roles. Answers the bare person, as the document shows."""
    call.administrator()
    found, given = _named(call), call.given("user")
    first, _, last = found.name.partition(" ")
    first = values.text(given.get("first_name", first), "First name").strip()
    last = values.text(given.get("last_name", last), "Last name").strip()
    email = _address(given.get("email", found.email))
    other = call.account.user(email)
    if not first and not last:
        raise Invalid("Name can't be blank")
    if other is not None and other is not found:
        raise Invalid("Email has already been taken")
    enabled = values.flag(given.get("enabled", found.enabled), "Enabled")
    administers = _administers(found, given)
    found.name, found.email, found.enabled = f"{first} {last}".strip(), email, enabled
    found.administers, found.updated_at = administers, call.account.now()
    return _profile(call, found)


def _administers(user: User, given: Mapping[str, object]) -> tuple[str, ...]:
    """The administrator roles that a write leaves somebody with: all or none, or one by one. Raises Invalid."""
    held = set(user.administers)
    if "administrator" in given:
        held = set(ADMINISTRATOR_ROLES) if values.flag(given["administrator"], "Administrator") else set()
    single = given.get("administrator_roles", {})
    if not isinstance(single, dict) or not single.keys() <= set(ADMINISTRATOR_ROLES):
        raise Invalid(f"Administrator roles must be among {', '.join(ADMINISTRATOR_ROLES)}")
    for name, value in single.items():
        held = held | {name} if values.flag(value, name) else held - {name}
    return tuple(name for name in ADMINISTRATOR_ROLES if name in held)


def _address(value: object) -> str:
    email = values.text(value, "Email").strip().lower()
    if not ADDRESS.fullmatch(email):
        raise Invalid("Email is invalid")
    return email


def _wanted(value: object) -> int:
    """A role by the name a write gives it. Raises Invalid."""
    if not isinstance(value, str) or value not in WRITTEN:
        raise Invalid(f"Role must be one of {', '.join(WRITTEN)}")
    return WRITTEN[value]


def product_users(call: Call) -> object:
    """GET the people of a workspace."""
    product = call.product()
    found = [one for one in call.account.users if one.role_in(product.id) != NONE]
    return call.page(
        "project_users", found, lambda one: {**_role(one.role_in(product.id)), "user": call.show.user(one)}
    )


def create_user(call: Call) -> object:
    """POST a person to a workspace, the only documented way to make one; a known address only gets the role."""
    call.administrator()
    product, given, account = call.product(), call.given("user"), call.account
    email, role = _address(given.get("email")), _wanted(given.get("role"))
    names = (values.text(given.get(part), part).strip() for part in ("first_name", "last_name"))
    name = " ".join(part for part in names if part)
    found = account.user(email)
    if found is None:
        if not name:
            raise Invalid("Name can't be blank")
        now = account.now()
        found = User(account.new_id(), name, email, NONE, now, now)
        account.users.append(found)
    found.roles[product.id] = role
    shown = _role(role) if role != NONE else {"role": NONE, "role_description": "None"}
    return {**shown, "user": call.show.user(found)}


def product_roles(call: Call) -> object:
    """GET the roles of a person in the workspaces."""
    return call.page("product_roles", _roles(call, _named(call)), lambda role: role)


def set_product_role(call: Call) -> object:
    """POST the role of a person in a workspace."""
    call.administrator()
    found, given = _named(call), call.given("product_role")
    product = call.account.product(values.text(given.get("product_id"), "Product"))
    role = _wanted(given.get("role"))
    if product is None:
        raise Invalid("Product must exist")
    found.roles[product.id], found.updated_at = role, call.account.now()
    shown = _role(role) if role != NONE else {"role": NONE, "role_description": "None"}
    return {**shown, "product_id": product.id, "product_name": product.name}


def drop_product_role(call: Call) -> object:
    """DELETE the role of a person in a workspace: no access is left."""
    call.administrator()
    found, product = _named(call), call.product()
    found.roles[product.id], found.updated_at = NONE, call.account.now()
    return NOTHING


def custom_roles(call: Call) -> object:
    """GET the custom roles of a person."""
    return call.page("user_roles", _custom_roles(call, _named(call)), lambda role: role)


def set_custom_role(call: Call) -> object:
    """POST a custom role of a person in a workspace."""
    call.administrator()
    found, given = _named(call), call.given("user_role")
    role = values.text(given.get("custom_role_id"), "Custom role")
    product = call.account.product(values.text(given.get("product_id"), "Product"))
    if role not in call.account.custom_roles or product is None:
        raise Invalid("Custom role and product must exist")
    found.custom_roles[product.id], found.updated_at = role, call.account.now()
    return _custom_role(call, found, product)


def drop_custom_role(call: Call) -> object:
    """DELETE the custom role of a person in a workspace."""
    call.administrator()
    found, product = _named(call), call.product()
    if found.custom_roles.pop(product.id, None) is None:
        raise Missing
    return NOTHING


def add_to(table: Table) -> None:
    """Put the endpoints of this file into the table."""
    table.add("GET /me", me)
    table.add("GET /users", users)
    table.add("GET /users/{id}", user)
    table.add("PUT /users/{id}", change_user)
    table.add("GET /products/{product}/users", product_users)
    table.add("POST /products/{product}/users", create_user)
    table.add("GET /users/{id}/product_roles", product_roles)
    table.add("POST /users/{id}/product_roles", set_product_role)
    table.add("DELETE /users/{id}/product_roles/{product}", drop_product_role)
    table.add("GET /users/{id}/user_roles", custom_roles)
    table.add("POST /users/{id}/user_roles", set_custom_role)
    table.add("DELETE /users/{id}/user_roles/{product}", drop_custom_role)
