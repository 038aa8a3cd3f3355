"""Where ext4 puts the files of scratch databases: away from those that were deleted a moment ago."""

import fcntl
import os
import sys
from array import array
from contextlib import suppress
from pathlib import Path
from typing import Final

# From linux/fs.h; the argument is an int, whatever the numbers say.
_GET_FLAGS: Final = 0x80086601
_SET_FLAGS: Final = 0x40086602
_TOP_DIRECTORY: Final = 0x00020000


def spread(folder: Path) -> None:
    """Has ext4 take the folders in this one for unrelated, as `chattr +T` does; elsewhere nothing happens.

    ext4 uses no inode again that was freed in the last minutes, and looks at each of them for every new file
    beside them. A dropped database leaves thousands: the next one took twice to three times as long.
    """
    if not sys.platform.startswith("linux"):
        return
    with suppress(OSError):
        file = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            flags = array("i", [0])
            fcntl.ioctl(file, _GET_FLAGS, flags)
            flags[0] |= _TOP_DIRECTORY
            fcntl.ioctl(file, _SET_FLAGS, flags)
        finally:
            os.close(file)
