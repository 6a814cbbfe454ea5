"""Aha!'s GraphQL v2 at `/api/v2/graphql`, executed by graphql-core over `schema.graphql`. Knows no route.

Its schema, by introspection: https://github.com/caseyg/aha-mcp, docs/aha-graphql-api.
"""
