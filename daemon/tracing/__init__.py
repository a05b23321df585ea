"""Traces of OpenTelemetry, as an extra: what became of a record, from where it was read to each attempt to deliver."""
