"""A process that makes thousands of records with computed fields, computes them in the background, and never ends."""

import sys
import time
from pathlib import Path

from crm_core.contracts.actor import SYSTEM
from crm_core.contracts.change import ChangeSet, InsertStored
from tests.core.computed.conftest import Works

ROWS = 30_000


def main(folder: Path) -> None:
    works = Works(folder)
    works.field("investors", "Twice", "formula", formula="{Score} * 2")
    works.field("investors", "Label", "formula", formula='Name & ": " & {Twice}')
    works.field("investors", "Same", "lookup", link="Commitments", field="Amount")
    works.field("commitments", "Theirs", "lookup", link="Investor", field="Twice")
    records = [(f"Investor {n}", float(n % 100)) for n in range(ROWS)]
    works.records.apply(ChangeSet([InsertStored("investors", ["Name", "Score"], records)]), SYSTEM)
    print("computing", flush=True)
    works.recalculation.start()
    time.sleep(600)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
