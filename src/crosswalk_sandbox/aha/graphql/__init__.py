"""Aha!'s GraphQL v2 at `/api/v2/graphql`, executed by graphql-core over `schema.graphql`. Knows no route."""
