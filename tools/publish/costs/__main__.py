"""Run tools.publish.costs.costs: what `python -m tools.publish.costs` does."""

import sys

from tools.publish.costs.costs import main

sys.exit(main())
