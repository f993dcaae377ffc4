"""Reads every snapshot of Iceberg tables with PyIceberg: rows, and what manifests say of columns. Prints JSON."""

import datetime
import json
import sys

import pyarrow.parquet
from pyiceberg.table import StaticTable
from pyiceberg.utils.datetime import date_to_days, datetime_to_micros


def told(value):
    return None if value is None else str(value)


def facts(entry):
    metrics = entry["readable_metrics"]
    return {
        "path": entry["file_path"],
        "rows": entry["record_count"],
        "partition": {name: told(value) for name, value in entry["partition"].items()},
        "columns": {
            name: {
                "values": one["value_count"],
                "nulls": one["null_value_count"],
                "lower": told(one["lower_bound"]),
                "upper": told(one["upper_bound"]),
            }
            for name, one in metrics.items()
        },
    }


def internal(value):
    """A value as transforms take it."""
    if isinstance(value, datetime.datetime):
        return datetime_to_micros(value)
    return date_to_days(value) if isinstance(value, datetime.date) else value


def misplaced(table, snapshot):
    """Files with a row whose partition is another one by PyIceberg's own transforms."""
    specs, schema, found = table.metadata.specs(), table.schema(), []
    for manifest in snapshot.manifests(table.io):
        for entry in manifest.fetch_manifest_entry(table.io):
            file = entry.data_file
            parquet = pyarrow.parquet.ParquetFile(file.file_path.removeprefix("file://"))
            names = {int(field.metadata[b"PARQUET:field_id"]): field.name for field in parquet.schema_arrow}
            rows = parquet.read().to_pylist()
            for index, field in enumerate(specs[manifest.partition_spec_id].fields):
                source = schema.find_field(field.source_id)
                transform = field.transform.transform(source.field_type)
                made = {transform(internal(row[names[field.source_id]])) for row in rows}
                if made != {file.partition[index]}:
                    found.append([file.file_path, field.name, told(file.partition[index]), [told(one) for one in made]])
    return found


def at(metadata, snapshot):
    """A table with the columns that it had then."""
    table = StaticTable.from_metadata(metadata)
    table.metadata = table.metadata.model_copy(update={"current_schema_id": snapshot.schema_id})
    return table


def read(metadata):
    return [
        {
            "run": snapshot.summary.additional_properties.get("penstock.run"),
            "operation": snapshot.summary.operation.value,
            "rows": [
                {name: told(value) for name, value in row.items()}
                for row in table.scan(snapshot_id=snapshot.snapshot_id).to_arrow().to_pylist()
            ],
            "misplaced": misplaced(table, snapshot),
            "files": [facts(entry) for entry in table.inspect.files(snapshot.snapshot_id).to_pylist()],
        }
        for snapshot in StaticTable.from_metadata(metadata).metadata.snapshots
        for table in [at(metadata, snapshot)]
    ]


print(json.dumps([read(metadata) for metadata in sys.argv[1:]]))
