"""How clients come by tokens: the local authority on the wire, and the managed identity of programs on this machine."""
