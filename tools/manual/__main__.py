"""Run tools.manual.manual: what `python -m tools.manual` does."""

import sys

from tools.manual.manual import main

sys.exit(main())
