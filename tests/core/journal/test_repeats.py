from lianjing.core.journal.repeats import RecentKeys

ONE, TWO, THREE = (bytes([n]) * 32 for n in (1, 2, 3))


class Time:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_key_is_known_for_a_whole_window_and_forgotten_after_two():
    time = Time()
    recent = RecentKeys(clock=time)
    recent.remember([(ONE, 1)])
    time.now = 181
    recent.remember([(TWO, 2)])
    assert recent.candidates([ONE, TWO, THREE]) == [1, 2]
    time.now = 362
    recent.remember([(THREE, 3)])
    assert recent.candidates([ONE, TWO, THREE]) == [2, 3]


def test_the_latest_frame_of_a_key_counts():
    recent = RecentKeys()
    recent.load([(ONE, 1), (ONE, 9)])
    assert recent.candidates([ONE]) == [9]


def test_memory_is_bounded():
    recent = RecentKeys(most=2)
    for number in range(9):
        recent.remember([(bytes([number]) * 32, number + 1)])
    assert len(recent) <= 4
    assert recent.candidates([bytes([8]) * 32]) == [9]


def test_loading_forgets_what_was_known_before():
    recent = RecentKeys()
    recent.remember([(ONE, 1)])
    recent.load([(TWO, 2)])
    assert recent.candidates([ONE, TWO]) == [2]
