"""How a contract is checked: a sentence, and whether it holds."""

from collections.abc import Iterator
from contextlib import contextmanager


def must(holds: object, sentence: str) -> None:
    """Raise AssertionError with the sentence unless it holds (an `assert` would vanish under `python -O`)."""
    if not holds:
        raise AssertionError(sentence)


@contextmanager
def must_raise(kind: type[Exception], sentence: str) -> Iterator[None]:
    """Raise AssertionError with the sentence unless the block raises this kind of exception."""
    try:
        yield
    except kind:
        return
    except Exception as error:
        raise AssertionError(f"{sentence} (Instead: {error!r})") from error
    raise AssertionError(sentence)
