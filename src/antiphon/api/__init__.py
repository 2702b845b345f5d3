"""HTTP routes in Azure's and OpenAI's shapes: requests, responses, errors, headers, authentication. Thin.

May import everything below: `realtime`, `dialogue`, `resources`, `identity`, `store`, `audio`, `engines`, `errors`.
"""
