"""Run tools.evaluate.evaluate: what `python -m tools.evaluate` does."""

import sys

from tools.evaluate.evaluate import main

sys.exit(main())
