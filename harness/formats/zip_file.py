"""Python's `zipfile` as it is from 3.14 on, when it learned to read Zstandard entries."""

import sys

if sys.version_info >= (3, 14):
    import zipfile

    from compression.zstd import ZstdError
else:
    from backports.zstd import ZstdError, zipfile

__all__ = ["BROKEN", "ZstdError", "zipfile"]

BROKEN = (zipfile.BadZipFile, ZstdError)
"""What reading a damaged archive raises, beside what its streams raise."""
