"""A Snapcast server's rooms: seen over its JSON-RPC, and their volume kept in step with the device's."""
