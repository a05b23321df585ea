"""Fetch the broker's jars into a folder, once, and check each by its hash: ``python -m tests.kafka.fetch_jars``.

``--lock`` writes the hashes anew after a change of ``pom.xml``. The folder is ``RASID_KAFKA_JARS``, or one in the
user's cache, named after the hashes, so that a change of them fetches again.
"""

from pathlib import Path

from scripts.locked_jars import LockedJars

HERE = Path(__file__).parent
JARS = LockedJars(HERE, "kafka", "RASID_KAFKA_JARS")


def jars_folder() -> Path:
    """Where the jars are, or will be."""
    return JARS.folder


if __name__ == "__main__":
    JARS.main()
