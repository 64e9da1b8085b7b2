"""The server of the page: sockets, connections, and what stands between it and strangers."""
