"""`./run bench corpus`: 4,236 real reports imported, published, fetched and searched, with times.

The steps are those of the end-to-end test, over real processes and the real service.
"""

import sys

import pytest


def main() -> int:
    """Run the test with its figures shown; returns its exit code."""
    return int(pytest.main(["-q", "-s", "-p", "no:cacheprovider", "tests/e2e/test_corpus.py"]))


if __name__ == "__main__":
    sys.exit(main())
