"""What the server tells of itself: measures for Prometheus and spans for OpenTelemetry.

Any package may import it; it imports the root alone.
"""
