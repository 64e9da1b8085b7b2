"""Run tools.deb.build: what `python -m tools.deb` does."""

import sys

from tools.deb.build import main

sys.exit(main())
