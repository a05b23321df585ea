"""The Prometheus metrics, and what measures them."""
