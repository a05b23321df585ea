"""Verdicts: what people say of alerts, so that topics can be mended and how right they are is seen."""
