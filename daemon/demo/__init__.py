"""``rasid demo``: the real daemon on one machine, with a stream of invented articles and a receiver that shows them.

``play`` runs it · ``samples`` and ``articles.jsonl`` are the stream · ``file_feed`` publishes it · ``http_receiver``
verifies and hands on what arrives · ``show`` puts an alert on a terminal · ``redis_decisions`` and ``summary`` say
what became of every article.
"""
