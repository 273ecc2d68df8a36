"""What was learned is pinned: it fits the comparisons, is kept whole, and comes from some pairs."""

from __future__ import annotations

import dataclasses

from tieline.identity.contact_evidence import CONTACTS
from tieline.identity.linkage.estimation import Parameters
from tieline.identity.parameters import ParameterStore

LEARNED = Parameters("contacts", 0.001, {"name": [0.9, 0.1]}, {"name": [0.01, 0.99]}, rows=500)


def test_what_was_pinned_is_read_by_a_later_build(tmp_path):
    ParameterStore(tmp_path).pin(CONTACTS, LEARNED)
    assert ParameterStore(tmp_path).read(CONTACTS) == LEARNED


def test_weights_of_other_comparisons_are_not_used(tmp_path):
    ParameterStore(tmp_path).pin(CONTACTS, LEARNED)
    fewer = dataclasses.replace(CONTACTS, comparisons=CONTACTS.comparisons[1:])
    assert ParameterStore(tmp_path).read(fewer) is None


def test_a_first_list_without_a_pair_pins_nothing_for_the_lists_to_come(tmp_path):
    store = ParameterStore(tmp_path)
    store.pin(CONTACTS, dataclasses.replace(LEARNED, rows=1))
    assert store.latest(CONTACTS) is not None
    assert ParameterStore(tmp_path).read(CONTACTS) is None


def test_a_damaged_file_is_learned_anew(tmp_path):
    store = ParameterStore(tmp_path)
    store.pin(CONTACTS, LEARNED)
    (tmp_path / "contacts.json").write_text('{"fingerprint": "', encoding="utf-8")
    assert ParameterStore(tmp_path).read(CONTACTS) is None


def test_forgetting_unpins_everything(tmp_path):
    store = ParameterStore(tmp_path)
    store.pin(CONTACTS, LEARNED)
    store.forget()
    assert store.read(CONTACTS) is None
    assert ParameterStore(tmp_path).read(CONTACTS) is None
