"""Run tools.train.face.train: what `python -m tools.train.face` does."""

import sys

from tools.train.face.train import main

sys.exit(main())
