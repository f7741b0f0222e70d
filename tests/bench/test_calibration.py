"""The forecast's range holds what it promises, and is of some use."""

from tests.bench.calibration import calibrations, table


def test_four_futures_in_five_end_inside_the_range() -> None:
    found = list(calibrations(400))
    for each in found:
        if each.course == "trend":
            assert each.inside >= 0.75, each
        else:
            assert 0.75 <= each.inside <= 0.90, each
    assert table(found).count("\n") == 1 + len(found)
