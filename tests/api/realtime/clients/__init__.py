"""Programs that hold a conversation through clients other than the `openai` package, each with its own framework.

They run in an environment of their own (`make clients`), whose packages do not get along with the server's. Each is
given the server's address, a key and a file of 24 kHz 16-bit samples; it asks in writing, has its function called if it
has one, says what is in the file, and prints what it heard as one JSON object.
"""
