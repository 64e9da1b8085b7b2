"""Run tools.publish.publish: what `python -m tools.publish` does."""

import sys

from tools.publish.publish import main

sys.exit(main())
