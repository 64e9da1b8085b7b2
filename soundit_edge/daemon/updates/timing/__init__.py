"""When the mirrors are asked, and when something may begin by itself."""
