"""What the fuzz tests share: how many cases they try, what is made up, and how long is too long.

FUZZ says how many cases each test tries (60).
"""

import gc
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

CASES = int(os.environ.get("FUZZ") or 60)
HANG = 0.1
"""Seconds of CPU that nothing may take."""

fuzz = settings(
    max_examples=CASES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4)
    ),
    max_leaves=12,
)


@contextmanager
def quick() -> Iterator[None]:
    """Fail if what is done takes as long as a hang; Hypothesis' garbage is not swept meanwhile."""
    gc.disable()
    begun = time.process_time()
    try:
        yield
        took = time.process_time() - begun
    finally:
        gc.enable()
    assert took < HANG
