"""An option that one side has and the other lacks: told, mapped, and added at a person's word where that can be."""

from __future__ import annotations

import pytest

from crosswalk.errors import Refused
from crosswalk.merge.rules import Side
from crosswalk.sync.options import add_option
from crosswalk_sandbox.jira.contexts import contexts_of
from tests.path.looking import look, only_warning, warnings
from tests.path.matrix.hands import plain, put_in_aha, put_in_jira
from tests.path.system import System
from tests.path.test_fields import change, custom, line, remap


def test_an_option_that_aha_does_not_have_is_told(system: System) -> None:
    put_in_aha(system, "extra", "SelectConstant", ("Gold",))
    put_in_jira(system, "customfield_10090", "select", ("Gold", "Silver"))
    remap(system, line("Extra", "custom:extra", "customfield_10090"))
    ref = system.feature("Bell")
    key = system.send(ref).right_key
    system.jira.edit(key, customfield_10090={"value": "Silver"}, summary="Horn")
    look(system, ref)
    told = only_warning(system, ref)
    assert (told.code, system.aha.name("features", ref.key)) == ("F9", "Horn")
    assert "“Silver” is no option in Aha!" in told.what + told.why
    remap(system, constants={})
    fields = system.integration.mapping["fields"]
    *others, extra = fields["feature"]
    system.remap(fields={**fields, "feature": [*others, {**extra, "options": {"Gold": "Silver"}}]})
    look(system, ref)
    assert (custom(system, ref, "extra"), system.pair(ref).state) == ("Gold", "agreed")


def test_a_missing_option_is_added_at_a_persons_word(system: System) -> None:
    put_in_aha(system, "extra", "SelectConstant", ("Gold", "Silver"))
    put_in_jira(system, "customfield_10090", "select", ("Gold", "Tin"))
    remap(system, line("Extra", "custom:extra", "customfield_10090"))
    ref = system.feature("Bell", custom_fields={"extra": "Silver"})
    pair = system.send(ref)
    assert only_warning(system, ref).code == "F9"
    if system.flavour == "dc":
        with pytest.raises(Refused) as refused:
            add_option(system.integration, "Extra", "Silver", Side.RIGHT)
        assert "administrator can add it" in refused.value.remedy
        change(system, ref, custom_fields={"extra": "Gold"})
    else:
        add_option(system.integration, "extra", "Silver", Side.RIGHT)
    look(system, ref)
    wanted = "Gold" if system.flavour == "dc" else "Silver"
    assert plain(system, system.issue(pair.right_key)["customfield_10090"]) == wanted
    system.jira.edit(pair.right_key, customfield_10090={"value": "Tin"})
    look(system, ref)
    assert system.pair(ref).state == "asking"
    add_option(system.integration, "Extra", "Tin", Side.LEFT)
    look(system, ref)
    assert (custom(system, ref, "extra"), system.pair(ref).state) == ("Tin", "agreed")


def test_the_record_page_offers_to_add_a_missing_option(system: System) -> None:
    from crosswalk.store.models import JournalEntry
    from tests.path.test_deletions import signed_in

    put_in_aha(system, "extra", "SelectConstant", ("Gold", "Silver"))
    put_in_jira(system, "customfield_10090", "select", ("Gold",))
    remap(system, line("Extra", "custom:extra", "customfield_10090"))
    ref = system.feature("Bell", custom_fields={"extra": "Silver"})
    pair = system.send(ref)
    browser = signed_in()
    address = f"/records/{pair.pk}/"
    offered = [browser.get(one).content.decode() for one in (address, "/log/")]
    assert ["Add the option “Silver”" in one for one in offered] == [system.flavour == "cloud"] * 2
    entry = JournalEntry.objects.get(pair=pair, code="F9")
    said = browser.post(f"{address}add-option/{entry.pk}/", follow=True).content.decode()
    look(system, ref)
    if system.flavour == "dc":
        assert "lets nobody add an option" in said
        assert system.pair(ref).state == "asking"
    else:
        assert "“Silver” is an option of Extra now." in said
        assert plain(system, system.issue(pair.right_key)["customfield_10090"]) == "Silver"
        assert system.pair(ref).state == "agreed"
        assert "Add the option “Silver”" not in browser.get(address).content.decode()


def test_an_option_that_is_added_while_nothing_runs_says_what_is_left_to_do(cloud: System) -> None:
    from crosswalk.store.models import JournalEntry
    from tests.path.test_deletions import signed_in

    put_in_aha(cloud, "extra", "SelectConstant", ("Gold", "Silver"))
    put_in_jira(cloud, "customfield_10090", "select", ("Gold",))
    remap(cloud, line("Extra", "custom:extra", "customfield_10090"))
    pair = cloud.send(cloud.feature("Bell", custom_fields={"extra": "Silver"}))
    cloud.integration.enabled = False
    cloud.integration.save()
    entry = JournalEntry.objects.get(pair=pair, code="F9")
    said = signed_in().post(f"/records/{pair.pk}/add-option/{entry.pk}/", follow=True).content.decode()
    assert "“Silver” is an option of Extra now. Enable the integration, then press Retry." in said


def test_an_option_is_added_to_the_field_of_the_records_own_kind(cloud: System) -> None:
    """Aha! defines a field of one key for each kind anew, each with options of its own."""
    put_in_aha(cloud, "extra", "SelectConstant", ("Gold",), kinds=("feature", "requirement"))
    feature, requirement = cloud.account.custom_fields[-2:]
    requirement.options = list(feature.options)
    put_in_jira(cloud, "customfield_10090", "select", ("Gold", "Tin"))
    extra = line("Extra", "custom:extra", "customfield_10090")
    remap(cloud, extra)
    fields = cloud.integration.mapping["fields"]
    cloud.remap(fields={**fields, "requirement": [*fields["requirement"], extra]})
    with pytest.raises(Refused, match="on each of: feature, requirement"):
        add_option(cloud.integration, "Extra", "Tin", Side.LEFT)
    add_option(cloud.integration, "Extra", "Tin", Side.LEFT, "requirement")
    names = [[text for _, text, _ in one.options] for one in (feature, requirement)]
    assert names == [["Gold"], ["Gold", "Tin"]]
    with pytest.raises(Refused, match="no line “Extra” of epics"):
        add_option(cloud.integration, "Extra", "Tin", Side.LEFT, "epic")


def test_an_option_that_can_not_be_chosen_any_more_is_taken_out(system: System) -> None:
    """Jira takes no operation that names it, not even one that removes it: the field was left out for good."""
    put_in_aha(system, "extra", "SelectMultiple", ("Gold", "Tin", "Zinc"))
    field = put_in_jira(system, "customfield_10090", "multiselect", ("Gold", "Tin", "Zinc"))
    remap(system, line("Extra", "custom:extra", "customfield_10090"))
    ref = system.feature("Bell", custom_fields={"extra": ["Gold", "Tin"]})
    key = system.send(ref).right_key
    contexts_of(system.site, field)[0].disabled.add(field.options[0].id)
    change(system, ref, custom_fields={"extra": ["Tin", "Zinc"]})
    look(system, ref)
    assert (plain(system, system.issue(key)["customfield_10090"]), warnings(system, ref)) == (["Tin", "Zinc"], [])


def test_an_option_of_a_cascading_list_is_added_below_its_own(cloud: System) -> None:
    from tests.path.test_deletions import signed_in

    put_in_aha(cloud, "extra", "SelectConstant", ("Europe / Rome", "Asia / Pune"))
    put_in_jira(cloud, "customfield_10090", "cascadingselect", ("Europe", "Europe / Oslo"))
    remap(cloud, line("Extra", "custom:extra", "customfield_10090"))
    ref, browser = cloud.feature("Bell", custom_fields={"extra": "Asia / Pune"}), signed_in()
    pair = cloud.send(ref)
    assert (pair.state, only_warning(cloud, ref).code) == ("asking", "F9")
    assert "Add the option “" not in browser.get(f"/records/{pair.pk}/").content.decode(), "nothing to put it below"
    with pytest.raises(Refused, match="“Asia”, below which “Asia / Pune” would stand"):
        add_option(cloud.integration, "Extra", "Asia / Pune", Side.RIGHT)
    change(cloud, ref, custom_fields={"extra": "Europe / Rome"})
    look(cloud, ref)
    assert "Add the option “Europe / Rome”" in browser.get(f"/records/{pair.pk}/").content.decode()
    add_option(cloud.integration, "Extra", "Europe / Rome", Side.RIGHT)
    look(cloud, ref)
    held = cloud.issue(pair.right_key)["customfield_10090"]
    assert (held["value"], held["child"]["value"], cloud.pair(ref).state) == ("Europe", "Rome", "agreed")


def test_who_does_not_administer_jira_is_not_offered_to_add_an_option(cloud: System) -> None:
    from crosswalk.store.models import JournalEntry
    from crosswalk.sync import service
    from crosswalk.sync.options import addable

    put_in_aha(cloud, "extra", "SelectConstant", ("Gold", "Silver"))
    put_in_jira(cloud, "customfield_10090", "select", ("Gold",))
    remap(cloud, line("Extra", "custom:extra", "customfield_10090"))
    pair = cloud.send(cloud.feature("Bell", custom_fields={"extra": "Silver"}))

    def offered() -> int:
        service.check_connection(cloud.integration.jira)
        return len(addable(JournalEntry.objects.filter(pair=pair)))

    assert offered() == 1
    me = next(one for one in cloud.site.people.values() if one.display_name == cloud.integration.jira.server["account"])
    me.admin = False
    assert offered() == 0
