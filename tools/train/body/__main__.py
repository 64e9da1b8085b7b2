"""Run tools.train.body.train: what `python -m tools.train.body` does."""

import sys

from tools.train.body.train import main

sys.exit(main())
