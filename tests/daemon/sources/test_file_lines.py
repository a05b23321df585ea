"""Lines cut from chunks."""

from daemon.sources.decode import MAX_BYTES
from daemon.sources.file_lines import CHUNK_BYTES, LineReader


def test_a_line_longer_than_a_record_may_be_is_cut_and_the_next_one_is_whole() -> None:
    reader, lines = LineReader(0), []
    data = b"x" * (3 * MAX_BYTES) + b"\nnext\n"
    for start in range(0, len(data), CHUNK_BYTES):
        lines += list(reader.feed(data[start : start + CHUNK_BYTES]))

    assert [len(line.text) for line in lines] == [MAX_BYTES + 1, 4]
    assert lines[1].start == 3 * MAX_BYTES + 1


def test_lines_are_numbered_with_blank_ones_counted() -> None:
    reader = LineReader(0)
    chunks = [b"\n\na", b"b\n  ", b" \n\r\n c\n", b"\n\nlast"]

    lines = [line for chunk in chunks for line in reader.feed(chunk)]
    last = reader.last()

    assert [(line.number, line.start, line.text) for line in lines] == [(3, 2, b"ab"), (6, 11, b" c")]
    assert last is not None and (last.number, last.start, last.end) == (9, 16, 20)
