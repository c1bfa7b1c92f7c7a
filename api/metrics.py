"""Numbers about the running server for Prometheus: counts, durations and sizes; no names of people, no data."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import sqlalchemy as sa
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.gc_collector import GCCollector
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from api.version import VERSION
from crm_core.crm import Crm
from crm_core.errors import CrmError
from crm_core.models.tables import JOB_RUNS
from crm_core.storage.state import current

if TYPE_CHECKING:
    from api.live import Hub

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_SIZES = (1, 2, 4, 8, 16, 32)


class Metrics:
    """What is counted as it happens, joined at each reading with what the core can be asked."""

    def __init__(self, crm: Crm) -> None:
        self._registry = CollectorRegistry(auto_describe=False)
        labels = ("method", "route")
        self._requests = Counter(
            "crm_http_requests", "Requests answered.", (*labels, "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "crm_http_request_seconds", "Time until the answer was sent.", labels, buckets=_SECONDS,
            registry=self._registry,
        )  # fmt: skip
        self._counts: dict[tuple[str, str, int], Counter] = {}
        self._times: dict[tuple[str, str], Histogram] = {}
        self.core = Core(crm)
        self._registry.register(self.core)
        ProcessCollector(registry=self._registry)
        GCCollector(registry=self._registry)

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Note one answered request; `status` 0 means that the client was gone."""
        counter = self._counts.get((method, route, status))
        if counter is None:
            counter = self._counts[method, route, status] = self._requests.labels(method, route, str(status))
        counter.inc()
        timer = self._times.get((method, route))
        if timer is None:
            timer = self._times[method, route] = self._seconds.labels(method, route)
        timer.observe(seconds)

    def text(self) -> bytes:
        """Everything in Prometheus' text form."""
        return generate_latest(self._registry)


class Core(Collector):
    """What the core knows: versions, commits, database, jobs, plugins, live clients."""

    def __init__(self, crm: Crm) -> None:
        self._crm = crm
        self.hub: Hub | None = None

    def collect(self) -> Iterator[Metric]:
        """Ask for everything anew; what cannot be read just now (a restore runs) is left out."""
        build = GaugeMetricFamily("crm_info", "The version that runs.", labels=["version"])
        build.add_metric([VERSION], 1)
        yield build
        clients = len(self.hub) if self.hub is not None else 0
        yield GaugeMetricFamily("crm_live_clients", "Open live channels.", value=clients)
        yield self._commits()
        yield self._plugins()
        try:
            yield from self._database()
        except CrmError:
            return

    def _commits(self) -> Metric:
        sizes = dict(self._crm.units.commit_sizes)
        below = [(str(float(most)), float(sum(n for size, n in sizes.items() if size <= most))) for most in _SIZES]
        total = float(sum(sizes.values()))
        members = float(sum(size * number for size, number in sizes.items()))
        return HistogramMetricFamily(
            "crm_commit_members",
            "Pieces of work that shared a commit.",
            buckets=[*below, ("+Inf", total)],
            sum_value=members,
        )

    def _plugins(self) -> Metric:
        states = GaugeMetricFamily("crm_plugin_state", "1 for the state a plugin is in.", labels=["plugin", "state"])
        for name, state in self._crm.plugins.states().items():
            states.add_metric([name, state], 1)
        return states

    def _database(self) -> Iterator[Metric]:
        size = self._crm.units.storage.size()
        yield GaugeMetricFamily("crm_database_bytes", "What the database takes on disk.", value=size)
        with self._crm.units.read() as session:
            connection, c = session.connection(), JOB_RUNS.c
            version = current(connection).version
            runs = sa.select(c.owner, c.name, c.state, sa.func.count()).group_by(c.owner, c.name, c.state)
            kept = [tuple(row) for row in connection.execute(runs)]
        yield CounterMetricFamily("crm_change_sets", "Change sets in the history.", value=version)
        jobs = GaugeMetricFamily("crm_job_runs", "The last 200 runs of each job.", labels=["plugin", "job", "state"])
        for owner, name, state, number in kept:
            jobs.add_metric([owner, name, state], number)
        yield jobs
