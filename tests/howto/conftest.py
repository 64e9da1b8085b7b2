"""A real browser for the pages that are looked at."""

from __future__ import annotations

from tests.page.conftest import browser, complaints, open_page

__all__ = ["browser", "complaints", "open_page"]
