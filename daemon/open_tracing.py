"""Open tracing where it is configured. Without it nothing of OpenTelemetry is even loaded."""

from contextlib import AsyncExitStack

from daemon.config.load import Loaded
from daemon.metrics.metrics import Metrics
from daemon.tracing.tracing import Tracing


def open_tracing(stack: AsyncExitStack, loaded: Loaded, instance: str, metrics: Metrics) -> Tracing:
    """What waits is sent when the stack closes. Raises ``Refused``."""
    if loaded.config.tracing is None:
        return Tracing()
    from daemon.tracing.otel_export import otel_tracing

    tracing = otel_tracing(loaded.config, loaded.trace_headers, instance, metrics.count_spans())
    stack.push_async_callback(tracing.close)
    return tracing
