"""The outside API (docs: /api/v1/openapi.json)."""
