"""The likeness of two sets is estimated from their smallest hashes."""

import random
import struct

import pytest

from processors.stories.sketch import NONE, SIZE, likeness, shingle_hashes, sketch


def a_set(chance: random.Random, size: int) -> set[int]:
    return {chance.getrandbits(64) for _ in range(size)}


@pytest.mark.parametrize(("common", "apart"), [(0, 200), (100, 200), (200, 100), (300, 0)])
def test_jaccard_is_near_the_truth(common: int, apart: int) -> None:
    chance = random.Random(7)
    shared = a_set(chance, common)

    found = likeness(sketch(shared | a_set(chance, apart)), sketch(shared | a_set(chance, apart)))

    assert found.jaccard == pytest.approx(common / (common + 2 * apart), abs=0.15)


@pytest.mark.parametrize("times", [1, 2, 4, 8])
def test_a_part_is_wholly_contained_in_the_whole(times: int) -> None:
    chance = random.Random(times)
    part = a_set(chance, 100)
    whole = part | a_set(chance, 100 * (times - 1))

    assert likeness(sketch(part), sketch(whole)).containment == 1.0


def test_small_sets_are_compared_exactly() -> None:
    left, right = set(range(0, 40 << 40, 1 << 40)), set(range(10 << 40, 50 << 40, 1 << 40))

    found = likeness(sketch(left), sketch(right))

    assert (found.jaccard, found.containment) == (30 / 50, 30 / 40)


def test_nothing_is_like_the_empty_set() -> None:
    assert likeness(sketch(set()), sketch({1, 2})) == NONE


def test_likeness_does_not_depend_on_the_order_of_its_arguments() -> None:
    chance = random.Random(3)
    shared = a_set(chance, 50)
    one, other = sketch(shared | a_set(chance, 100)), sketch(shared | a_set(chance, 30))

    assert likeness(one, other) == likeness(other, one)


def test_a_sketch_is_bounded() -> None:
    assert len(sketch(a_set(random.Random(1), 10_000)).hashes) == 2 * SIZE


def test_a_sample_keeps_the_order_of_its_hashes_and_rounds_them_in_proportion() -> None:
    chance = random.Random(9)
    values = sorted(chance.getrandbits(chance.randint(52, 64)) for _ in range(2_000))
    rounded = [struct.unpack("<H", sketch({value}).hashes)[0] for value in values]

    assert rounded == sorted(rounded)
    assert len(set(rounded)) > 0.85 * len(values)


def test_runs_of_words_are_the_same_on_every_machine() -> None:
    # A row written by another version of the interpreter must still compare.
    assert shingle_hashes(["خبر", "من", "مصر"]) == {7018035189340346571}
