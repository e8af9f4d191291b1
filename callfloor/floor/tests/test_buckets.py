"""So many at once, so many a second."""

import pytest

from callfloor.floor.buckets import Bucket, Pace

pytestmark = pytest.mark.pure


def taken(bucket, count, now):
    """Ask so often; give how often there was one."""
    return sum(bucket.take(now) for _ in range(count))


def test_a_bucket_gives_its_burst_and_then_its_pace():
    bucket = Bucket(pace=Pace(burst=10, per_second=2), at=0.0)
    assert taken(bucket, 50, 0.0) == 10
    assert taken(bucket, 50, 0.4) == 0
    assert taken(bucket, 50, 1.5) == 3


def test_it_never_holds_more_than_its_burst():
    bucket = Bucket(pace=Pace(burst=10, per_second=2), at=0.0)
    assert taken(bucket, 50, 1_000.0) == 10


def test_looking_takes_nothing():
    bucket = Bucket(pace=Pace(burst=1, per_second=1), at=0.0)
    assert bucket.has(0.0)
    assert bucket.has(0.0)
    assert bucket.take(0.0)
    assert not bucket.has(0.0)
