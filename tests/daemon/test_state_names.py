"""What a state directory keeps: refused with the remedy where it cannot be written."""

from pathlib import Path

import pytest

from alerts.errors import Refused
from daemon.state_names import keep_address


def test_an_address_that_cannot_be_kept_is_refused_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "http_address").symlink_to("/dev/full")

    with pytest.raises(Refused, match=r"http_address: No space left on device\. Make room"):
        keep_address(tmp_path, "127.0.0.1:9464")
