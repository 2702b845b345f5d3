"""How clients obtain tokens: the local authority on the wire, and the managed identity for programs on this machine."""
