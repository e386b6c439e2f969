# SPDX-License-Identifier: MIT
"""XES logs read by Python's own XML parser, and where the real ones are: no code of the programs is used here."""
import gzip
import os
import pathlib
import xml.etree.ElementTree as ElementTree

from deployment import ROOT, skip

TYPES = ("string", "date", "int", "float", "boolean", "id")


def real_log(*parts):
    """A log below KIPTHOI_DATA, or ../shared/data beside the project; it may not be given away, so it can be absent."""
    path = pathlib.Path(os.environ.get("KIPTHOI_DATA") or ROOT.parent / "shared" / "data", *parts)
    if not path.exists():
        skip(f"{path} is not here (KIPTHOI_DATA names another folder)")
    return path


def _tag(element):
    return element.tag.rsplit("}", 1)[-1]


def _attributes(element):
    return {child.get("key"): child.get("value") for child in element if _tag(child) in TYPES}


def traces(path):
    """(attributes of the trace, [attributes of each event]) one by one."""
    with gzip.open(path) as file:
        for _, element in ElementTree.iterparse(file):
            if _tag(element) == "trace":
                yield _attributes(element), [_attributes(child) for child in element if _tag(child) == "event"]
                element.clear()
