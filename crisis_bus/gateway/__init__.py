"""The way in and the way to look: HTTP API, the board, public pages; it speaks only through the bus and the views."""
