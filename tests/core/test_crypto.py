from concurrent.futures import ThreadPoolExecutor

import pytest

from lianjing.core.crypto import Unopenable, load_or_make_key, open_field, seal_field

KEY, OTHER = bytes(range(32)), bytes(32)


def test_what_is_sealed_opens_again():
    assert open_field(KEY, seal_field(KEY, b"secret")) == b"secret"
    assert open_field(KEY, seal_field(KEY, b"")) == b""


def test_equal_secrets_do_not_look_equal():
    assert seal_field(KEY, b"secret") != seal_field(KEY, b"secret")


@pytest.mark.parametrize("text", ["", "secret", "v2:AAAA", "v1:", "v1:!!!!", "v1:AAAA", "v1:\N{SNOWMAN}"])
def test_what_was_never_sealed_does_not_open(text):
    with pytest.raises(Unopenable):
        open_field(KEY, text)


def test_another_key_or_an_altered_value_does_not_open():
    sealed = seal_field(KEY, b"secret")
    altered = sealed[:-6] + ("A" if sealed[-6] != "A" else "B") + sealed[-5:]
    for key, text in ((OTHER, sealed), (KEY, altered)):
        with pytest.raises(Unopenable):
            open_field(key, text)


def test_a_short_key_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="16 bytes"):
        seal_field(bytes(16), b"secret")


def test_a_key_file_is_made_once_and_for_its_owner_only(tmp_path):
    path = tmp_path / "keys" / "data.key"
    key = load_or_make_key(path)
    assert len(key) == 32
    assert load_or_make_key(path) == key
    assert path.stat().st_mode & 0o777 == 0o600
    assert [child.name for child in path.parent.iterdir()] == ["data.key"]


def test_processes_that_start_at_once_get_the_same_key(tmp_path):
    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(lambda _: load_or_make_key(tmp_path / "key"), range(16)))
    assert len(keys) == 1


def test_a_file_without_a_key_is_refused(tmp_path):
    (tmp_path / "key").write_text("c2hvcnQ=")
    with pytest.raises(ValueError, match="holds 5 bytes"):
        load_or_make_key(tmp_path / "key")
