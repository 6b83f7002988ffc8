"""What programs may read and write: /api/v1/, described at /api/v1/openapi.json."""
