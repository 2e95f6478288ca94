"""Use case: a view of the database to a file that analysts can read.

One row of the view is one row of the file, in a fixed order.  Instants are ISO
8601 with Z, a missing value is an empty field (CSV) or null (JSON Lines); numbers
stay numbers.  One read transaction: the file is a snapshot.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import batched
from pathlib import Path
from typing import IO, Any
import datetime as dt
import os
import sys
import tempfile

import pandas as pd

from harvester.errors import CannotWrite, WrongUse
from harvester.store import reads
from harvester.store.database import Database
