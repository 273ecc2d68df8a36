"""A ledger reads as plain lists do to which the same was done, whatever it was, in any order."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from tieline.errors import TielineError
from tieline.ledger import Ending, Event, open_ledger

NOW = datetime(2026, 5, 1, tzinfo=UTC)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
SAID = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8).filter(
    lambda text: text.strip()
)
RECORD = st.sampled_from([f"r{number}" for number in range(12)])
RECORDS = st.lists(RECORD, unique=True, min_size=2, max_size=6)
JSON = st.recursive(st.none() | st.integers(-9, 9) | TEXT, st.lists, max_leaves=4)
EVENT = st.builds(
    Event,
    st.sampled_from(["web", "mail"]),
    st.sampled_from([f"m{number}" for number in range(20)]),
    st.sampled_from(["touch", "response"]),
    st.just("2026-04-01T10:00:00.000000Z"),
    st.dictionaries(st.sampled_from(["email", "note"]), TEXT, max_size=2),
)


@dataclass
class Lists:
    """What a ledger should hold."""

    judgements: list = field(default_factory=list)
    labels: list = field(default_factory=list)
    events: dict = field(default_factory=dict)
    tombstones: list = field(default_factory=list)


class AnySequence(RuleBasedStateMachine):
    new_place = None

    def __init__(self):
        super().__init__()
        self.folder, self.url = self.new_place()
        self.ledger = open_ledger(self.folder, self.url)
        self.lists = Lists()

    def teardown(self):
        self.ledger.close()

    @rule(
        kind=st.sampled_from(["merge", "distinct"]),
        records=RECORDS,
        at=st.integers(1, 5),
        said=SAID,
    )
    def judge_groups(self, kind, records, at, said):
        cut = min(at, len(records) - 1)
        self.judge(kind, {"groups": [records[:cut], records[cut:]]}, said)

    @rule(records=RECORDS, at=st.integers(1, 5), said=SAID)
    def split(self, records, at, said):
        cut = min(at, len(records) - 1)
        self.judge("split", {"apart": records[:cut], "rest": records[cut:]}, said)

    @rule(records=RECORDS, text=TEXT, evidence=JSON, said=SAID)
    def note(self, records, text, evidence, said):
        self.judge("note", {"records": records, "text": text}, said, evidence)

    def judge(self, kind, body, said, evidence=None):
        made = self.ledger.judge(
            kind, "contact", body, reason=said, by=said, at=NOW, evidence=evidence
        )
        assert (made.number, made.body) == (len(self.lists.judgements) + 1, body)
        assert made.evidence == evidence
        self.lists.judgements.append(made)

    @rule(number=st.integers(1, 12), said=SAID)
    def end(self, number, said):
        old = next((made for made in self.lists.judgements if made.number == number), None)
        if old is None or old.ended:
            with pytest.raises(TielineError) as caught:
                self.ledger.end(number, reason=said, by=said)
            assert caught.value.code == ("already_ended" if old else "unknown_judgement")
            return
        ended = self.ledger.end(number, reason=said, by=said, at=NOW)
        assert ended.ended == Ending(said, said, NOW)
        self.lists.judgements[number - 1] = ended

    @rule(pair=RECORDS, same=st.booleans(), shown=JSON, of_last=st.booleans())
    def label(self, pair, same, shown, of_last):
        judgement = len(self.lists.judgements) if of_last and self.lists.judgements else None
        made = self.ledger.label(
            *pair[:2], "contact", same=same, by="x", at=NOW, shown=shown, judgement=judgement
        )
        assert made.shown == shown
        self.lists.labels.append(made)

    @rule(events=st.lists(EVENT, max_size=8))
    def remember(self, events):
        before = len(self.lists.events)
        for event in events:
            self.lists.events.setdefault((event.stream, event.message_id), event)
        new = len(self.lists.events) - before
        told = self.ledger.remember(events)
        assert (told.new, told.known) == (new, len(events) - new)

    @rule(
        names=st.lists(st.tuples(st.just("web"), st.sampled_from(["m1", "m2", "m3"])), max_size=2)
    )
    def delete_events(self, names):
        deleted = sum(self.lists.events.pop(name, None) is not None for name in names)
        assert self.ledger.delete_events(names) == deleted

    @rule(digests=st.lists(st.sampled_from(["aa", "bb", "cc"]), max_size=3))
    def forget(self, digests):
        certificate = self.ledger.add_tombstones({}, [("email", each) for each in digests], at=NOW)
        for digest in digests:
            if digest not in [known for known, _number in self.lists.tombstones]:
                self.lists.tombstones.append((digest, certificate.number))

    @rule()
    def open_again(self):
        self.ledger.close()
        self.ledger = open_ledger(self.folder, self.url)

    @rule(records=RECORDS)
    def read(self, records):
        judgements = self.lists.judgements
        holding = [made for made in judgements if not made.ended]
        assert self.ledger.judgements(active=False) == judgements
        assert self.ledger.judgements() == holding
        assert self.ledger.judgements(records=records) == [
            made for made in holding if set(made.records) & set(records)
        ]
        flat = self.ledger.judged_records()
        assert list(
            zip(flat["number"].to_pylist(), flat["record_id"].to_pylist(), strict=True)
        ) == [(made.number, record) for made in holding for record in made.records]
        ended = {made.number for made in judgements if made.ended}
        assert self.ledger.labels() == [
            label for label in self.lists.labels if label.judgement not in ended
        ]
        told = [row for batch in self.ledger.event_batches() for row in batch.to_pylist()]
        assert [(row["stream"], row["message_id"]) for row in told] == list(self.lists.events)
        assert [row["occurred_at"] for row in told] == [
            event.occurred_at for event in self.lists.events.values()
        ]
        assert [
            (stone.digest, stone.certificate) for stone in self.ledger.tombstones()
        ] == self.lists.tombstones


def test_a_ledger_reads_as_plain_lists_do(a_database, tmp_path_factory):
    def new_place():
        return tmp_path_factory.mktemp("any"), a_database()

    machine = type("AnySequenceHere", (AnySequence,), {"new_place": staticmethod(new_place)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=15,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
