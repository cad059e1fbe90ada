"""XLSX workbooks as they are: every sheet, every row, each cell as its kind and format show it.

`read_in_child` is the entry. Knows nothing of exports; imports no heavy library, so that the child
process that reads a workbook starts in a moment.
"""

from assets.workbooks.child import read_in_child
from assets.workbooks.package import Refused
from assets.workbooks.redact import without_rows
from assets.workbooks.sheet import HEAD, Block, SheetEnd

__all__ = ["HEAD", "Block", "Refused", "SheetEnd", "read_in_child", "without_rows"]
