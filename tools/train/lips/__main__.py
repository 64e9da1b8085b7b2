"""Run tools.train.lips.train: what `python -m tools.train.lips` does."""

import sys

from tools.train.lips.train import main

sys.exit(main())
