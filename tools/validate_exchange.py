"""Holds what ``kept map`` gave to other tools against the tools themselves.

Run it where they are installed, not beside Kept: fideslang pins what we do not.

    python -m venv other && other/bin/pip install fideslang rdflib pyyaml
    kept map --fides-out fides --dpv record.jsonld
    other/bin/python tools/validate_exchange.py fides record.jsonld
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import rdflib
import yaml
from fideslang import DEFAULT_TAXONOMY
from fideslang.models import Dataset, System


def wrong_in_fides(path: Path) -> Iterator[str]:
    document = yaml.safe_load(path.read_text("utf-8"))
    categories = {each.fides_key for each in DEFAULT_TAXONOMY.data_category}
    uses = {each.fides_key for each in DEFAULT_TAXONOMY.data_use}
    subjects = {each.fides_key for each in DEFAULT_TAXONOMY.data_subject}
    for each in document.get("dataset", []):
        held = Dataset(**each)
        named = {
            key
            for collection in held.collections
            for field in collection.fields
            for key in field.data_categories or ()
        }
        yield from sorted(named - categories)
        yield from sorted(set(each) - set(Dataset.model_fields))
    for each in document.get("system", []):
        system = System(**each)
        yield from sorted(set(each) - set(System.model_fields))
        for declared in system.privacy_declarations:
            yield from sorted(set(declared.data_categories) - categories)
            yield from sorted({declared.data_use} - uses)
            yield from sorted(set(declared.data_subjects) - subjects)


def main() -> int:
    wrong = 0
    for name in sys.argv[1:]:
        path = Path(name)
        if path.is_dir():
            files = sorted(path.glob("*.yml"))
            found = [f"{file}: {each}" for file in files for each in wrong_in_fides(file)]
            sys.stdout.write(f"{name}: {len(files)} files, {len(found)} keys not in fideslang\n")
            sys.stdout.writelines(f"{each}\n" for each in found)
            wrong += len(found)
        else:
            graph = rdflib.Graph().parse(path, format="json-ld")
            sys.stdout.write(f"{name}: {len(graph)} statements\n")
            wrong += not graph
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
