"""From the columns of a source to standard fields, and from those to the kind of the source."""

from tieline.data.mapping.assignment import check_field, map_columns
from tieline.data.mapping.columns import ColumnMapping, MappedColumn
from tieline.data.mapping.recognition import recognise_kind

__all__ = ["ColumnMapping", "MappedColumn", "check_field", "map_columns", "recognise_kind"]
