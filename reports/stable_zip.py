"""ZIP files whose bytes depend on what is in them alone, not on when they were made."""

import io
import zipfile
from collections.abc import Mapping

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a ZIP file can hold."""


def pack(files: Mapping[str, bytes]) -> bytes:
    """A ZIP file of named contents in the order given.

    Args:
        files: Path inside the file -> content.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            info.create_system = 3
            archive.writestr(info, content)
    return out.getvalue()


def repack(data: bytes) -> bytes:
    """A ZIP file that another library wrote, without its times; the order of its files stays."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return pack({info.filename: archive.read(info) for info in archive.infolist()})
