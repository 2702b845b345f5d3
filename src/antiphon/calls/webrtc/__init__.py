"""WebRTC, by way of aiortc: connections, and nothing of what is said over them. Only this folder imports aiortc."""
