"""Reads every snapshot of Iceberg tables with PyIceberg: rows, and what manifests say of columns. Prints JSON."""

import json
import sys

from pyiceberg.table import StaticTable


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


def read(metadata):
    table = StaticTable.from_metadata(metadata)
    return [
        {
            "run": snapshot.summary.additional_properties.get("penstock.run"),
            "operation": snapshot.summary.operation.value,
            "rows": [
                {name: told(value) for name, value in row.items()}
                for row in table.scan(snapshot_id=snapshot.snapshot_id).to_arrow().to_pylist()
            ],
            "files": [facts(entry) for entry in table.inspect.files(snapshot.snapshot_id).to_pylist()],
        }
        for snapshot in table.metadata.snapshots
    ]


print(json.dumps([read(metadata) for metadata in sys.argv[1:]]))
