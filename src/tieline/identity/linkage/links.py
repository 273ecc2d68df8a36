"""One linking job from rows to links: looking at everything, or only at what has changed."""

from __future__ import annotations

from collections.abc import Callable

from tieline.engine.tables import Engine
from tieline.identity.linkage.closing import closed
from tieline.identity.linkage.comparison import LinkageModel
from tieline.identity.linkage.earlier import Earlier, updated
from tieline.identity.linkage.estimation import Parameters, stated
from tieline.identity.linkage.scoring import Job, bits, learned
from tieline.identity.linkage.workbench import Workbench


def score(
    engine: Engine,
    rows: str,
    model: LinkageModel,
    into: str,
    *,
    probability: float,
    parameters: Parameters | None = None,
    features: str | None = None,
    earlier: Earlier | None = None,
    said: Callable[[str], None] = lambda _: None,
) -> Parameters:
    """Compare the rows of `rows(node BIGINT, ...)`; create the table `into` of the links found.

    One row of it is a pair that some block proposes, of at least `scoring.LEAST` bits, or a pair
    inside what pairs of at least `probability` connect: left_node, right_node, pattern, weight in
    bits with the prior, proposed, and the component both are in. `features` names a table
    `(left_node, right_node, ...)` of facts about pairs, `f` in conditions. `earlier` is an earlier
    result by the same parameters: the links are the same with it, and sooner there.
    Returns the parameters: those given, or learned if none are.
    """
    job = Job(engine, rows, model, features)
    with Workbench(engine, into) as bench:
        if model.match_share is not None:
            parameters = stated(model, bench.rows(rows))
        if earlier is not None and parameters is not None:
            found, looked_at = updated(
                job, bench, earlier, parameters, connecting=bits(probability)
            )
        else:
            found, looked_at, parameters = _whole(job, bench, parameters, bits(probability))
        said(f"{looked_at:,} pairs compared")
        engine.create(into, found)
    return parameters


def _whole(
    job: Job, bench: Workbench, parameters: Parameters | None, connecting: float
) -> tuple[str, int, Parameters]:
    pairs, compared, proposed = (bench.named(n) for n in ("pairs", "compared", "proposed"))
    job.propose(pairs)
    job.compare(pairs, compared)
    if parameters is None:
        parameters = learned(job, bench.rows(job.rows), compared, bench)
    looked_at = job.judge(compared, proposed, parameters)
    return closed(job, bench, proposed, parameters, connecting=connecting), looked_at, parameters
