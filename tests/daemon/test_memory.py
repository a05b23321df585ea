"""What a daemon keeps of the memory that it needed for a moment."""

import subprocess
import sys
from pathlib import Path

LET_GO = """
from daemon.cli.run import give_back

def pages():
    return int(open("/proc/self/statm").read().split()[1])

blocks = [bytes(100_000) + b"." for _ in range(500)]  # 50 MB, in blocks that come from the heap
del blocks[:-1]  # the last one holds up all below it
before = pages()
give_back()
print(before - pages())
"""


def test_what_is_free_goes_back_to_the_system() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LET_GO], cwd=Path(__file__).parents[2], capture_output=True, check=True, timeout=60
    )

    assert int(done.stdout) * 4096 > 40_000_000
