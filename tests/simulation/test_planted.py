"""Each claim of the checker is worth something: a fault that is put in on purpose is found within a few seeds."""

import pytest

from tests.simulation import history, planted, world
from tests.simulation import planted_deliveries as deliveries
from tests.simulation.roles import Parts

SEEDS = range(40)
CARELESS = Parts(consumer=deliveries.HastyConsumer, worker=deliveries.CarelessWorker)
GULLIBLE = Parts(follower=planted.GullibleFollower, also={"forker": planted.forked_entry})
FORGER = {"forger": planted.forged_entry}


@pytest.mark.parametrize(
    ("claim", "parts"),
    [
        pytest.param("decided_once", Parts(desk=planted.TrustingDesk), id="a desk that trusts the committed offset"),
        pytest.param("chain_intact", Parts(desk=planted.TrustingDesk), id="a desk that ignores the journal"),
        pytest.param(
            "decided_once", Parts(desk=planted.UncheckedDesk, also=FORGER), id="a desk that looks at no place"
        ),
        pytest.param("timers_fired", Parts(desk=planted.SleepyDesk), id="a desk that never ticks"),
        pytest.param("reached", Parts(follower=planted.ForgetfulFollower), id="a follower that forgets"),
        pytest.param("published_first", GULLIBLE, id="a fork that is counted"),
        pytest.param("order_kept", Parts(worker=deliveries.ImpatientWorker), id="a delivery that waits for nobody"),
        pytest.param("receipted", Parts(worker=deliveries.ForgetfulWorker), id="a delivery that forgets its receipts"),
        pytest.param("order_kept", CARELESS, id="a delivery that forgets in a crash what it has sent"),
        pytest.param("taken_back", Parts(matches=planted.nothing_taken_back), id="a retraction that is kept back"),
        pytest.param("kept", Parts(client=planted.UnsafeProducer), id="an acceptance before the log has it"),
        pytest.param("drills_apart", Parts(matches=planted.any_channel), id="a drill on a real channel"),
        pytest.param("same_id", Parts(parcels=planted.new_ids), id="a new id for each try"),
        pytest.param("published_first", Parts(also={"forger": planted.forged_order}), id="a forged order"),
        pytest.param("keys_first", Parts(also=FORGER), id="a publication without keys"),
        pytest.param("replayed", Parts(also=FORGER), id="an entry that no rule made"),
        pytest.param("settled", Parts(also={"poison": planted.poison}), id="a record that nobody can read"),
        pytest.param("standing_told", Parts(follower=planted.SilentFollower), id="an incident that nobody hears of"),
    ],
)
def test_a_planted_fault_is_found(claim: str, parts: Parts) -> None:
    found = (sentence for seed in SEEDS for sentence in history.violations(world.run(seed, parts)))

    assert any(sentence.startswith(f"{claim}: ") for sentence in found)


def test_a_desk_that_looks_where_its_entries_stand_goes_on_from_a_stranger_s() -> None:
    found = [sentence for seed in SEEDS[:5] for sentence in history.violations(world.run(seed, Parts(also=FORGER)))]

    claims = {sentence.partition(":")[0] for sentence in found}
    assert {"keys_first", "replayed"} <= claims
    assert claims.isdisjoint({"decided_once", "chain_intact", "settled", "kept"})


def test_a_fork_changes_nothing_for_those_who_count() -> None:
    parts = Parts(also=GULLIBLE.also)

    assert [] == [sentence for seed in SEEDS[:3] for sentence in history.violations(world.run(seed, parts))]


def test_every_claim_has_a_fault_that_it_finds() -> None:
    (marks,) = [mark for mark in test_a_planted_fault_is_found.pytestmark if mark.name == "parametrize"]  # type: ignore[attr-defined] # pytest keeps the table there

    assert history.CLAIMS.keys() == {row.values[0] for row in marks.args[1]}
