"""The MCP server: a tool family per module; wiring only."""
