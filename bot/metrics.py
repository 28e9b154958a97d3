"""What is counted and timed for operators. No words and no ids: only kinds, numbers and times."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 120.0)

FORMAT = "text/plain; version=0.0.4; charset=utf-8"
"""The content type of `Metrics.page`."""


class Metrics:
    """The meters of one process, each with what it means."""

    def __init__(self) -> None:
        """Begin at zero."""
        self._registry = CollectorRegistry()
        self.updates = self._counter("updates", "Updates taken, by kind.", "kind")
        self.repeated = self._counter("updates_repeated", "Updates that were claimed before.")
        self.failed = self._counter("updates_failed", "Updates whose handling failed.")
        self.decisions = self._counter("decisions", "Decisions on questions and buttons.", "kind")
        self.retries = self._counter("retries", "Requests to Telegram sent again, by why.", "why")
        self.limited = self._counter("too_many_requests", "Telegram's 429s.")
        self.undelivered = self._counter("undelivered", "Sends given up for good, by why.", "why")
        self.waiting = Gauge(
            "guidebot_queue", "Updates taken and not answered yet.", registry=self._registry
        )
        self.answering = self._histogram("answer_seconds", "From taking an update to its end.")
        self.requests = self._histogram(
            "request_seconds", "One request to Telegram, by method.", "method"
        )

    def decided(self, kind: str) -> None:
        """Count a decision."""
        self.decisions.labels(kind).inc()

    def page(self) -> bytes:
        """Return everything as Prometheus reads it."""
        return generate_latest(self._registry)

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        """Return a new counter."""
        return Counter(f"guidebot_{name}", text, labels, registry=self._registry)

    def _histogram(self, name: str, text: str, *labels: str) -> Histogram:
        """Return a new histogram."""
        return Histogram(
            f"guidebot_{name}", text, labels, registry=self._registry, buckets=_SECONDS
        )
