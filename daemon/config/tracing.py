"""The section ``tracing``: where spans are sent."""

from urllib.parse import urlsplit

from pydantic import Field, field_validator

from daemon.config.values import FilePath, Section

TRACES_PATH = "/v1/traces"
"""Where OTLP's specification has traces, below the address of a collector."""

_LONGEST_VALUE = 1_000
"""Characters of an attribute: it goes out with every batch."""


class TracingConfig(Section):
    """Spans of OpenTelemetry, sent as OTLP over HTTP."""

    endpoint: str | None = Field(
        default=None,
        description="URL of the collector, like `http://127.0.0.1:4318`; `/v1/traces` is added where it has no path. "
        "Absent: as `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT` or `OTEL_EXPORTER_OTLP_ENDPOINT` says, else this machine.",
    )
    headers_file: FilePath | None = Field(
        default=None,
        description="File with headers of each request, one `name: value` a line: the collector's key or token.",
    )
    sample: float = Field(
        default=1.0,
        ge=0,
        le=1,
        description="Of the records that match a topic and come without a trace, the part that is traced. One that "
        "comes with a `traceparent` is traced if its producer's trace is.",
    )
    service_name: str | None = Field(
        default=None,
        min_length=1,
        max_length=200,
        description="`service.name` of all spans. Absent: as `OTEL_SERVICE_NAME` says, else `rasid`.",
    )
    attributes: dict[str, str] = Field(
        default={},
        max_length=50,
        description="More about the process, with every span: `{deployment.environment.name: production}`. They come "
        "before those of `OTEL_RESOURCE_ATTRIBUTES`.",
    )

    @field_validator("endpoint")
    @classmethod
    def _address(cls, endpoint: str | None) -> str | None:
        if endpoint is None:
            return None
        try:
            parts = urlsplit(endpoint)
            known = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        except ValueError:
            known = False
        if not known or not endpoint.isascii() or any(letter.isspace() for letter in endpoint):
            raise ValueError("this is no URL of a collector: write one like http://127.0.0.1:4318")
        if "@" in parts.netloc or parts.query or parts.fragment:
            raise ValueError("no user, password or query in the URL: put what is secret into headers_file")
        return endpoint if parts.path.strip("/") else endpoint.rstrip("/") + TRACES_PATH

    @field_validator("attributes")
    @classmethod
    def _sayable(cls, attributes: dict[str, str]) -> dict[str, str]:
        for key, value in attributes.items():
            if not key or len(key) > _LONGEST_VALUE or len(value) > _LONGEST_VALUE:
                raise ValueError(f"names and values of attributes have 1 to {_LONGEST_VALUE:,} characters")
        return attributes
