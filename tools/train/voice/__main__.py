"""Run tools.train.voice.train: what `python -m tools.train.voice` does."""

import sys

from tools.train.voice.train import main

sys.exit(main())
